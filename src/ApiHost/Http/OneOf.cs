// The platform's union of answers, without its own Ok, Created and NotFound: ours carry the error body and know Idempotency-Keys.
global using OneOf = Microsoft.AspNetCore.Http.HttpResults;
