import { findChromium } from '@runnel/workspace'
import { chromium, type Browser } from 'playwright-core'

/** No sandbox, for tests run as root in containers; nothing that talks to its makers. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * @param args more arguments, such as where names are found
 * @throws Error that says what to do where there is no browser
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(process.env),
    args: [...ARGS, ...args],
    headless: true,
  })
}
