// Reads {"secret","headers","body"} from standard input and answers what each library says of it: "valid", or its reason.
import { readFileSync } from "node:fs";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));

function ask(Verifier) {
  try {
    new Verifier(secret).verify(body, headers);
    return "valid";
  } catch (failure) {
    return failure.message;
  }
}

console.log(JSON.stringify({ standardwebhooks: ask(StandardWebhook), svix: ask(SvixWebhook) }));
