import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { readCurlCommands, type CurlCommand } from '../src/read-curl-commands.ts'
import { runCurl, type CurlResult } from '../src/run-curl.ts'
import { startPlatform, type Platform } from './platform.ts'

const PAGES = ['README.md', 'apps/producer-sim/README.md']

const commandsOf = (page: string) =>
  readCurlCommands(readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8'))
const commands = PAGES.flatMap((page) =>
  commandsOf(page).map((command) => ({ ...command, where: `${page}:${command.line}` })),
)

let platform: Platform
const variables: Record<string, string> = {}

beforeAll(async () => {
  platform = await startPlatform()
})

afterAll(async () => platform?.[Symbol.asyncDispose](), 60_000)

async function run({ text }: CurlCommand): Promise<CurlResult> {
  const result = await runCurl(text, platform.portOf, variables)
  expect(result).toMatchObject({ exitCode: 0, errors: '' })
  expect(result.statuses.length).toBeGreaterThan(0)
  for (const status of result.statuses)
    expect([status >= 200 && status < 300, status]).toEqual([true, status])
  return result
}

/** The first list in an answer of the read routes: an answer that is one, or has one. */
function listIn(body: string): unknown[] | undefined {
  const value = JSON.parse(body) as unknown
  if (Array.isArray(value)) return value
  return Object.values(value as object).find((member) => Array.isArray(member)) as unknown[] | undefined
}

describe('the pages', () => {
  it('have examples to write and to read', () => {
    expect(commandsOf('README.md').filter(({ isRead }) => isRead).length).toBeGreaterThanOrEqual(4)
    expect(commandsOf('README.md').filter(({ isRead }) => !isRead).length).toBeGreaterThanOrEqual(6)
  })

  // In their order, as one pastes them.
  it.each(commands.filter(({ isStream }) => isStream))('$where streams: $text', async ({ text }) => {
    const { statuses, errors } = await runCurl(text, platform.portOf, variables)
    expect({ statuses, errors }).toEqual({ statuses: [200], errors: expect.stringContaining('timed out') })
  })

  it.each(commands.filter(({ isStream }) => !isStream))(
    '$where works as it is written: $text',
    async (command) => {
      if (!command.isRead) return void (await run(command))
      // A person reads later than a program: what was just sent may be on its way.
      await eventually(async () => {
        const { body } = await run(command)
        expect(listIn(body)).not.toEqual([])
        return true
      })
    },
  )
})

interface Sent {
  readonly path: string
  readonly item: Readonly<Record<string, unknown>>
}

/** Single JSON objects that the commands POST to an app. */
function sentTo(port: number): Sent[] {
  return commands.flatMap(({ text }) => {
    const path = new RegExp(`localhost:${port}(/[^\\s'?]*)`).exec(text)?.[1]
    const json = /-d '(\{.*?\})'(\s|$)/s.exec(text)?.[1]
    return path === undefined || json === undefined ? [] : [{ path, item: JSON.parse(json) as Sent['item'] }]
  })
}

const read = async (path: string): Promise<unknown[]> =>
  listIn((await runCurl(`curl 'localhost:8000${path}'`, platform.portOf)).body) ?? []

describe('what they have sent', () => {
  const sent = sentTo(8080)
  const of = (pattern: RegExp) => sent.filter(({ path }) => pattern.test(path)).map(({ item }) => item)

  it('can be read: products with all their members', async () => {
    const products = of(/products$/)
    expect(products.length).toBeGreaterThan(0)
    for (const { id, name, price, manufacturer } of products)
      expect(await read('/products')).toContainEqual({ id, name, price, manufacturer })
  })

  it('can be read: logs as they were sent', async () => {
    const logs = of(/logs?$/)
    expect(logs.length).toBeGreaterThan(0)
    await eventually(async () => {
      const stored = (await read('/api/v1/logs?limit=1000')).map((log) => (log as { data: unknown }).data)
      for (const log of logs) expect(stored).toContainEqual(log)
      return true
    })
  })

  it('can be read: metrics in their series', async () => {
    const metrics = of(/metrics$/) as unknown as { data: { name?: string; value: number } }[]
    expect(metrics.length).toBeGreaterThan(0)
    for (const { data } of metrics) {
      const series = await read(`/api/v1/metrics/series?name=${data.name ?? 'value'}&agg=max&step=1m`)
      expect(JSON.stringify(series)).toContain(String(data.value))
    }
  })
})
