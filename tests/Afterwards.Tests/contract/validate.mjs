// Holds recorded exchanges against an OpenAPI 3.1 document.
//   node validate.mjs OPENAPI.json EXCHANGES.jsonl...
// Prints {"exchanges", "failures": [text], "seen": {operationId: {status: count}}}.
import { readFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [documentFile, ...files] = process.argv.slice(2);
const document = JSON.parse(readFileSync(documentFile, 'utf8'));
const mostFailures = 60;

// A client tolerates fields that it does not know; here each one answered must be in the document.
const closed = structuredClone(document);
close(closed.components.schemas);
close(closed.components.responses);
close(closed.paths);
const ajv = new Ajv({ strict: false, allErrors: false });
addFormats(ajv);
ajv.addFormat('iri', text => URL.canParse(text));
ajv.addSchema(closed, 'closed');
const compiled = new Map();

const methods = ['get', 'put', 'post', 'delete', 'options', 'patch'];
const routes = Object.entries(document.paths).map(([template, item]) => ({
  template,
  item,
  segments: template.split('/'),
  // Literal segments win over parameters, as in routing.
  weight: template.split('/').filter(segment => segment.startsWith('{')).length,
})).sort((left, right) => left.weight - right.weight);

// What the transport adds; Allow and the content type are looked at by themselves.
const transport = new Set(['date', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'content-type', 'allow']);
const codes = new Map();
for (const response of Object.values(document.components.responses)) {
  for (const [code] of Object.entries(response.content['application/json'].examples)) {
    codes.set(code, response);
  }
}

// No operation of the document can answer 405: it is what a path says to the methods that it lacks.
codes.set('method_not_allowed', document.components.responses.not_found);

const failures = [];
const seen = {};
let exchanges = 0;
for (const file of files) {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    if (text.length === 0) continue;
    exchanges++;
    const exchange = JSON.parse(text);
    const problem = check(exchange);
    if (problem && failures.length < mostFailures) {
      failures.push(`${file.split('/').pop()}:${line} ${exchange.method} ${exchange.target} -> ${exchange.status}: ${problem}`
        + `\n    sent ${short(exchange.requestBody)}\n    answered ${short(exchange.body)}`);
    }
  }
}

console.log(JSON.stringify({ exchanges, failures, seen }));

function check(exchange) {
  const method = exchange.method === 'HEAD' ? 'get' : exchange.method.toLowerCase();
  const [path, query] = originForm(exchange.target).split('?');
  const route = find(path);
  if (!route) {
    return exchange.status < 400 ? preflight(exchange) ?? null : refusal(exchange, [404, 400, 403, 405, 414, 429, 431, 500, 503]);
  }

  // Methods are written in capitals (RFC 9110 section 9.1): `get` is one that no path has.
  const operation = methods.includes(method) && exchange.method === exchange.method.toUpperCase() ? route.item[method] : undefined;
  if (!operation) {
    if (exchange.method === 'OPTIONS' && exchange.status < 400) return preflight(exchange);
    if (exchange.status === 405 && !exchange.headers.Allow && !exchange.headers.allow) return '405 without Allow';
    return refusal(exchange, [405, 403, 404, 429, 503]);
  }

  const pointer = `/paths/${escape(route.template)}/${method}`;
  const documented = operation.responses[exchange.status];
  if (!documented) return `the status is not documented for ${operation.operationId}`;
  (seen[operation.operationId] ??= {})[exchange.status] = (seen[operation.operationId][exchange.status] ?? 0) + 1;
  const response = resolve(documented);
  return headers(exchange, response)
    ?? body(exchange, response, documented.$ref ? documented.$ref.slice(1) : `${pointer}/responses/${exchange.status}`)
    ?? (exchange.status < 300 ? request(exchange, operation, pointer, query) : null);
}

function headers(exchange, response) {
  const documented = response.headers ?? {};
  const names = new Set(Object.keys(documented).map(name => name.toLowerCase()));
  const answered = new Set(Object.keys(exchange.headers).map(name => name.toLowerCase()));
  for (const name of answered) {
    if (!transport.has(name) && !names.has(name)) return `the header ${name} is not documented`;
  }

  for (const [name, header] of Object.entries(documented)) {
    if (resolve(header).required && !answered.has(name.toLowerCase())) return `the header ${name} is missing`;
  }

  return null;
}

function body(exchange, response, pointer) {
  const header = Object.entries(exchange.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const type = header?.split(';')[0];
  const documented = response.content ?? {};
  if (type === undefined) {
    return exchange.body.length > 0 ? 'a body without a content type'
      : Object.keys(documented).length > 0 && exchange.method !== 'HEAD' && !exchange.isCut ? 'the documented body is missing' : null;
  }

  if (!(type in documented)) return `the content type ${type} is not documented`;
  if (exchange.method === 'HEAD' || exchange.isCut || type !== 'application/json') return null;
  let value;
  try {
    value = JSON.parse(exchange.body);
  } catch (error) {
    return `the body is no JSON: ${error.message}`;
  }

  return against(`closed#${pointer}/content/${escape(type)}/schema`, value, 'the body');
}

// A request that was taken is one that the document describes, or the document asks for more than the host does.
function request(exchange, operation, pointer, query) {
  // Pages and health overlook what they do not know.
  if (operation.tags[0] === 'Pages' || pointer.startsWith('/paths/~1healthz')) return null;
  const parameters = (operation.parameters ?? []).map(resolve);
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    const index = parameters.findIndex(parameter => parameter.in === 'query' && parameter.name === name);
    if (index < 0) return `the query parameter ${name} was taken and is not documented`;
    const numeric = /integer|number/.test(String(parameters[index].schema.type));
    const problem = against(`closed#${pointer}/parameters/${index}/schema`, numeric ? Number(value) : value, `the query parameter ${name}`);
    if (problem) return problem;
  }

  if (exchange.requestBody.length === 0 || !operation.requestBody) {
    return operation.requestBody?.required && exchange.method !== 'HEAD' ? 'a body is documented as required and none was sent' : null;
  }

  if (!('application/json' in operation.requestBody.content)) return null;
  return against(`closed#${pointer}/requestBody/content/application~1json/schema`, JSON.parse(exchange.requestBody), 'the request that was taken');
}

function refusal(exchange, statuses) {
  if (!statuses.includes(exchange.status)) return 'nothing of this path and method is documented';
  if (exchange.method === 'HEAD') return null;
  // At an address that is none of the API a person is shown a page.
  if (!/^\/(api|portalpay|healthz|openapi)\b/.test(originForm(exchange.target)) && exchange.body.startsWith('<!doctype html>')) return null;
  let value;
  try {
    value = JSON.parse(exchange.body);
  } catch {
    return 'a refusal without the error body';
  }

  const response = codes.get(value.error);
  if (!response) return `the error code ${value.error} is not documented`;
  if (exchange.status === 404 && exchange.body !== '{"error":"not_found"}') return 'a 404 in another form';
  return headers(exchange, response);
}

function preflight(exchange) {
  return exchange.method === 'OPTIONS' && exchange.status === 204 && exchange.body.length === 0
    ? null : 'nothing of this path and method is documented';
}

function against(pointer, value, what) {
  let validate = compiled.get(pointer);
  if (!validate) {
    compiled.set(pointer, validate = ajv.compile({ $ref: encodeURI(pointer).replaceAll('%23', '#') }));
  }

  if (validate(value)) return null;
  const [error] = validate.errors;
  return `${what}: ${error.instancePath || '(all of it)'} ${error.message} ${JSON.stringify(error.params)}`;
}

// What is escaped is another spelling, and no path of the host's.
function find(path) {
  const segments = (path.startsWith('/portalpay/api/') || path.startsWith('/portalpay/healthz') ? path.slice('/portalpay'.length) : path).split('/');
  return routes.find(route => route.segments.length === segments.length
    && route.segments.every((segment, index) => segment.startsWith('{') ? /^[^%\\]+$/.test(segments[index]) : segment === segments[index]));
}

// The absolute form (RFC 9112, section 3.2.2) names the host too, and is resolved by the server.
function originForm(target) {
  if (!/^https?:\/\//i.test(target)) return target;
  const url = new URL(target);
  return url.pathname + url.search;
}

function resolve(node) {
  return node.$ref ? node.$ref.slice(2).split('/').reduce((value, name) => value[name.replaceAll('~1', '/').replaceAll('~0', '~')], document) : node;
}

function close(node) {
  if (node === null || typeof node !== 'object') return;
  if (node.properties && node.type === 'object' && node.additionalProperties === undefined) node.additionalProperties = false;
  for (const [name, value] of Object.entries(node)) {
    if (name !== 'example' && name !== 'examples') close(value);
  }
}

function escape(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function short(text) {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
