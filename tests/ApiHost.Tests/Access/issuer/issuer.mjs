// A real OIDC issuer (npm oidc-provider, what Logto is built on) under /oidc:
//   node issuer.mjs SECRET_METHOD PORT
// The port is one that nobody else is given: it has to be free again when the issuer comes back.
// It prints its first answer when it listens, then takes one JSON command a line and answers each with one JSON line.
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const audience = 'https://api.openbitum.test';
const permissions = 'admin operator';
const [secretMethod, port] = [process.argv[2], Number(process.argv[3])];

// Who signs in on the issuer's own page: permissions as Logto gives them (in `scope`), or roles and an organisation as claims.
const accounts = {
  alice: { scope: 'admin operator', claims: { organization_id: 'org-a' } },
  bob: { scope: '', claims: { roles: ['admin'], organization_id: 'org-b' } },
  clerk: { scope: '', claims: {} },
  wide: { scope: 'admin', claims: { note: 'x'.repeat(5000) } },
};

const machine = (algorithm) => ({
  client_id: `machine-${algorithm}`,
  client_secret: 'a secret of the machine',
  token_endpoint_auth_method: secretMethod,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
});

const clients = new Map(['ES384', 'ES256', 'RS256'].map((algorithm) => [`machine-${algorithm}`, machine(algorithm)]));
const fetches = { discovery: 0, keys: 0, token: 0 };
let keys = makeKeys();
let provider;
let answer;

function makeKeys() {
  // By way of PEM: node 20 can lock up when a collection meets the export of a key that was just made.
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' };
  const made = [
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384', privateKeyEncoding })],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding })],
  ];
  return made.map(([alg, { privateKey }]) => {
    const jwk = createPrivateKey(privateKey).export({ format: 'jwk' });
    const kid = createHash('sha256').update(jwk.x ?? jwk.n).digest('base64url');
    return { ...jwk, alg, kid, use: 'sig' };
  });
}

function configure(issuer) {
  provider = new Provider(issuer, {
    jwks: { keys },
    clients: [...clients.values()],
    cookies: { keys: ['a key of this test'] },
    scopes: ['openid'],
    clientAuthMethods: ['none', secretMethod],
    enabledJWA: { idTokenSigningAlgValues: ['ES384', 'ES256', 'RS256'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, ClientCredentials: 600, IdToken: 600, AuthorizationCode: 600, Grant: 600, Interaction: 600, Session: 600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => false,
        getResourceServerInfo: (ctx, resource, client) => ({
          audience: resource,
          scope: permissions,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: client.clientId.startsWith('machine-') ? client.clientId.slice('machine-'.length) : 'ES384' } },
        }),
      },
    },
    findAccount: (ctx, id) => accounts[id] && { accountId: id, claims: async () => ({ sub: id }) },
    // No consent page: an account has the permissions that its roles give it, and no others.
    async loadExistingGrant(ctx) {
      const { client, session, provider: { Grant } } = ctx.oidc;
      const grant = new Grant({ clientId: client.clientId, accountId: session.accountId });
      const allowed = accounts[session.accountId].scope.split(' ').filter(Boolean);
      grant.addOIDCScope('openid');
      grant.addResourceScope(audience, allowed.join(' '));
      grant.rejectResourceScope(audience, permissions.split(' ').filter((name) => !allowed.includes(name)).join(' '));
      await grant.save();
      return grant;
    },
    // As Logto does it, a machine names its organisation when it asks for a token; here as JSON, so that it may be anything.
    async extraTokenClaims(ctx, token) {
      if (token.accountId) {
        return accounts[token.accountId].claims;
      }

      const { organization_id: organisation, roles } = ctx.oidc.body;
      return {
        ...(organisation !== undefined && { organization_id: JSON.parse(organisation) }),
        ...(roles !== undefined && { roles: JSON.parse(roles) }),
      };
    },
  });
  answer = provider.callback();
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (!pathname.startsWith('/oidc/')) {
    response.writeHead(404).end();
    return;
  }

  fetches.discovery += pathname === '/oidc/.well-known/openid-configuration' ? 1 : 0;
  fetches.keys += pathname === '/oidc/jwks' ? 1 : 0;
  fetches.token += pathname === '/oidc/token' ? 1 : 0;
  request.originalUrl = request.url;
  request.url = request.url.slice('/oidc'.length);
  answer(request, response);
});

// It ends no connection by itself: one that rests for long would be gone at the moment when a slow caller uses it again.
server.keepAliveTimeout = 0;
server.headersTimeout = 0;
server.requestTimeout = 0;

const listen = () => new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
const close = () => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
});

await listen();
const address = `http://127.0.0.1:${port}/oidc`;
configure(address);

const commands = {
  fetches: () => fetches,
  keys: () => ({ keys: keys.map(({ kid, alg, n, e, x, y, crv, kty }) => ({ kid, alg, n, e, x, y, crv, kty })) }),
  // The former keys are withdrawn at once.
  rotate() {
    keys = makeKeys();
    configure(address);
  },
  register(command) {
    clients.set(command.client.client_id, command.client);
    configure(address);
  },
  stop: close,
  start: listen,
};

const say = (line) => process.stdout.write(`${JSON.stringify(line ?? {})}\n`);
say({ address, audience });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  say(await commands[command.do](command));
}

process.exit(0);
