// Drives a real Chromium (npm playwright-core): one window, as a person uses it.
// It prints {} when the window is open, then takes one JSON command a line and answers each with one JSON line, {error} where it failed.
//   node browser.mjs CHROMIUM ORIGIN
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [executablePath, origin] = process.argv.slice(2);

// A bound for machines that do many things at once, and no measure of anything.
const timeout = 180_000;

const browser = await chromium.launch({
  executablePath,
  chromiumSandbox: false,
  timeout,
  args: [
    '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});
const context = await browser.newContext();
context.setDefaultTimeout(timeout);
context.setDefaultNavigationTimeout(timeout);
// What a page of the issuer fetches elsewhere, such as its fonts, would be waited for where there is no network.
await context.route((address) => address.hostname !== '127.0.0.1', (route) => route.abort());
const page = await context.newPage();

// Everything that a browser has to say against our pages. An answer of 503 is the host's way to say that the machine is slow.
const complaints = [];
page.on('pageerror', (error) => complaints.push(`${error}`));
page.on('console', (message) => {
  if (message.type() === 'error' && message.location().url.startsWith(origin) && !/status of 503/.test(message.text())) {
    complaints.push(`${message.location().url}: ${message.text()}`);
  }
});

const commands = {
  async go({ address }) {
    for (const end = Date.now() + timeout; ;) {
      const answer = await page.goto(address);
      if (answer.status() !== 503 || Date.now() > end) return;
    }
  },
  // Waits until something visible holds the text, and answers all that it holds.
  async see({ selector, text }) {
    const seen = page.locator(selector, { hasText: text }).filter({ visible: true });
    await seen.waitFor();
    return seen.innerText();
  },
  click: ({ selector }) => page.locator(selector).click(),
  fill: ({ selector, text }) => page.locator(selector).fill(text),
  back: () => page.goBack(),
  evaluate: ({ script }) => page.evaluate(script),
  cookies: () => context.cookies(origin),
  complaints: () => complaints,
};

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({});
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    say({ value: (await commands[command.do](command)) ?? null });
  } catch (error) {
    say({ error: `${error.message}\nThe page ${page.url()} says:\n${await page.locator('body').innerText().catch(() => '')}` });
  }
}

await browser.close();
process.exit(0);
