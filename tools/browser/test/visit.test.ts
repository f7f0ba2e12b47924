import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { CANARY, launchChromium, APPEARANCES, startVisit, type Appearance, type Visit } from '../src/index.ts'

const page = (body: string) =>
  `<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:," /></head>
  <body><main><h1>Page</h1>${body}</main></body></html>`

const [DESK, NIGHT, PHONE] = APPEARANCES as readonly [Appearance, Appearance, Appearance]

/** Pages with one fault each, what a visit says of it, and its appearance where that matters. */
const FAULTS: readonly (readonly [name: string, body: string, trouble: RegExp, appearance?: Appearance])[] = [
  ['an error in the console', '<script>console.error("oh")</script>', /^console: oh/],
  ['an exception', '<script>setTimeout(() => { throw new Error("oh") })</script>', /^exception: .*oh/],
  ['a request that fails', '<script src="/missing.js"></script>', /^console: Failed to load/],
  [
    'a request to another host',
    '<img alt="" src="http://127.0.0.1:1/x.png">',
    /^request: http:..127.0.0.1:1/,
  ],
  ['a breach of its policy', '<img alt="" src="x" onerror="1">', /^console: .*Content Security Policy/],
  ['a dialog', '<script>alert("oh")</script>', /^dialog: oh/],
  ['stored text that runs', `<script>${CANARY} = 1</script>`, /^stored text was run/],
  ['a field without a name', '<input>', /: label: /],
  ['text that cannot be read', '<p style="color:#ccc">pale</p>', /: color-contrast: /],
  ['text that cannot be read by night alone', '<p class="night">pale</p>', /dark: color-contrast: /, NIGHT],
  ['what is wider than a phone', '<div style="width:600px">wide</div>', /phone.*px wide/, PHONE],
]

describe('a visit', () => {
  // The policy allows scripts in the page, so that there can be faults, but no attributes that run.
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const policy =
      "default-src * data:; script-src-elem * 'unsafe-inline'; script-src-attr 'none'; style-src 'unsafe-inline'"
    response.writeHead(pathname === '/' ? 200 : 404, {
      'content-type': 'text/html',
      'content-security-policy': policy,
    })
    const night = '<style>@media (prefers-color-scheme: dark) { .night { color: #ccc } }</style>'
    response.end(page(night + (searchParams.get('body') ?? '')))
  })
  let browser: Browser
  const visits = new Map<Appearance, Visit>()
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    browser = await launchChromium()
  })
  /** One for each appearance, because a new one takes a while. */
  const visitOf = async (appearance: Appearance) => {
    const visit = visits.get(appearance) ?? (await startVisit(browser, origin(), [appearance]))
    visits.set(appearance, visit)
    return visit
  }
  afterAll(async () => {
    await browser?.close()
    server.close()
  })

  it('has nothing to say of a page that is as it should be', async () => {
    await using visit = await startVisit(browser, origin())
    await visit.go(`/?body=${encodeURIComponent('<p>fine</p>')}`)
    await visit.inspect('visit')
    expect(visit.troubles).toEqual([])
  })

  it.each(FAULTS)('reports %s', async (_name, body, trouble, appearance = DESK) => {
    const visit = await visitOf(appearance)
    visit.troubles.length = 0
    await visit.go(`/?body=${encodeURIComponent(body)}`)
    await visit.inspect('visit')
    await eventually(() => visit.troubles.some((line) => trouble.test(line)), { timeoutMs: 2000 }).catch(
      () => {},
    )
    expect(visit.troubles).toContainEqual(expect.stringMatching(trouble))
  })
})
