import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { startApi, type Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'runnel-console-'))
const PAGE = '<!doctype html><title>Runnel</title><div id="app"></div>'
const SCRIPT = 'export const answer = 42\n'.repeat(200)

mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), PAGE)
writeFileSync(join(folder, 'assets/index-Ab3.js'), SCRIPT)
writeFileSync(join(folder, 'assets/index-Ab3.js.br'), brotliCompressSync(SCRIPT))
writeFileSync(join(folder, 'assets/index-Ab3.js.gz'), gzipSync(SCRIPT))
writeFileSync(join(folder, 'assets/icon-Cd4.svg'), '<svg/>')
writeFileSync(join(folder, '.built'), 'a hash')
mkdirSync(join(folder, '.vite'))
writeFileSync(join(folder, '.vite/manifest.json'), '{}')
writeFileSync(join(folder, '../runnel-secret.js'), 'secret')

const suite = useSuite({ consoleFolder: folder })
let unbuilt: Api

beforeAll(async () => {
  unbuilt = await startApi({ databaseUrl: suite.database.url, prefix: suite.prefix })
})

afterAll(async () => {
  await unbuilt.close()
  rmSync(folder, { recursive: true })
  rmSync(join(folder, '../runnel-secret.js'))
})

const get = (path: string, headers = {}) => suite.api.get(`/console${path}`, headers)

test.each(['/logs', '/mailings/7', '/sessions', '/logs?q=a.b', '/index.html'])(
  '%s is the one page of the console',
  async (path) => {
    const response = await get(path)
    expect([response.statusCode, response.body]).toEqual([200, PAGE])
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
  },
)

test.each(['/nothing/like/this', '/logs/7', '/mailing'])(
  '%s is no view: the page says so, and the answer is 404',
  async (path) => {
    const response = await get(path)
    expect([response.statusCode, response.body]).toEqual([404, PAGE])
  },
)

test('the policy of the page allows its own origin alone and nothing inline', async () => {
  const policy = String((await get('/logs')).headers['content-security-policy']).split('; ')
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "base-uri 'none'",
    ]),
  )
  expect(policy.join()).not.toMatch(/unsafe|\*|https?:/)
})

test.each(['', '/'])('/console%s leads to its first view', async (path) => {
  const response = await get(path)
  expect([response.statusCode, response.headers.location]).toEqual([302, '/console/logs'])
})

test('a file whose name is its hash may be kept for ever', async () => {
  const response = await get('/assets/index-Ab3.js')
  expect(response.body).toBe(SCRIPT)
  expect(response.headers).toMatchObject({
    'content-type': 'application/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  })
  expect(response.headers['content-encoding']).toBeUndefined()
})

test.each([
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
  ['GZIP', 'gzip', gunzipSync],
])('a client that accepts %s gets %s', async (accepted, encoding, decode) => {
  const response = await get('/assets/index-Ab3.js', { 'accept-encoding': accepted })
  expect(response.headers['content-encoding']).toBe(encoding)
  expect(response.rawPayload.length).toBeLessThan(SCRIPT.length / 10)
  expect(decode(response.rawPayload).toString()).toBe(SCRIPT)
})

test('what the build has not compressed is sent as it is', async () => {
  const response = await get('/assets/icon-Cd4.svg', { 'accept-encoding': 'br' })
  expect([response.headers['content-encoding'], response.body]).toEqual([undefined, '<svg/>'])
  expect(response.headers['content-type']).toBe('image/svg+xml')
})

test('every encoding has a tag of its own, and a client that has the file gets 304', async () => {
  const tags = await Promise.all(
    ['br', 'gzip', ''].map(async (accepted) => {
      const headers = { 'accept-encoding': accepted }
      const etag = String((await get('/assets/index-Ab3.js', headers)).headers.etag)
      const again = await get('/assets/index-Ab3.js', { ...headers, 'if-none-match': etag })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      return etag
    }),
  )
  expect(new Set(tags).size).toBe(3)
})

test.each([
  '/assets/none.js',
  '/.built',
  '/.vite/manifest.json',
  '/assets/index-Ab3.js.br',
  '/../runnel-secret.js',
  '/assets/../../runnel-secret.js',
  '/assets/..%2f..%2frunnel-secret.js',
  '/..%5crunnel-secret.js',
  '/../package.json',
  '/%2e%2e/package.json',
  '/assets/..%2findex.htm',
  '/a%00.js',
])('there is no file %s', async (path) => {
  expect((await get(path)).statusCode).toBeGreaterThanOrEqual(400)
  expect((await get(path)).statusCode).toBeLessThan(500)
})

test('without a build every view says how to come by one, and the rest goes on', async () => {
  const response = await unbuilt.get('/console/logs')
  expect([response.statusCode, response.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
  expect(response.body).toContain('npx nx build @runnel/console')
  expect((await unbuilt.get('/')).statusCode).toBe(200)
})
