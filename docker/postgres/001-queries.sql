-- The queries that Orleans' AdoNet providers send. They look each one up here by name; the names of their parameters and columns
-- are what the providers bind and read. Source of the contract: src/AdoNet of github.com/dotnet/orleans, 10.4 (MIT).
CREATE TABLE orleansquery (
    querykey  varchar(64)   NOT NULL PRIMARY KEY,
    querytext varchar(8000) NOT NULL
);
