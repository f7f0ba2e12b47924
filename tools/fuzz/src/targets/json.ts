import { judgeItem, KINDS, LAST_TIME_MS, parseTimestamp } from '@runnel/contracts'
import { checkJson, parseJson, parseText, readJson } from '@runnel/json'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { ensure, ensureDocumented } from '../ensure.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { slowObjects } from '../inputs/large-json.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'

const EVENT_BYTES = 512 * 1024

/** Text as a value: what is taken comes back as an equal one. */
export const json = defineTarget<string>({
  name: 'json',
  inputs: mutatedText(anyJsonText),
  worst: () => slowObjects(EVENT_BYTES).map(([name, text]) => ({ name, input: () => text })),
  parse: parseJson,
  check(text, outcome) {
    ensureDocumented(outcome)
    if ('error' in outcome) return
    const { value } = outcome as { value: ReturnType<typeof parseJson> }
    const again = readJson(JSON.stringify(value))
    ensure(isDeepStrictEqual(again, value) || hasZero(value), 'what was written is not what was read')
    ensure(isJson(text), 'it takes what is no JSON')
    for (const kind of KINDS) checkJudge(kind, value)
  },
})

function checkJudge(kind: (typeof KINDS)[number], value: ReturnType<typeof parseJson>): void {
  const before = JSON.stringify(value)
  for (const operation of ['upsert', 'delete'] as const) {
    for (const origin of ['posted', 'raw'] as const)
      ensureDocumented(attempt(() => judgeItem(kind, operation, value, origin)))
  }
  ensure(JSON.stringify(value) === before, 'a check has changed the value')
}

/** JSON.parse of every text that is refused is refused as well, or it is the value that cannot be kept. */
export const syntax = defineTarget<string>({
  name: 'syntax',
  inputs: mutatedText(anyJsonText),
  worst: () => [],
  parse: (text) => parseText(text),
  check(text, outcome) {
    ensure('value' in outcome === isJson(text), 'it does not take what JSON.parse takes')
    if ('value' in outcome) ensureDocumented(attempt(() => checkJson(outcome.value as never)))
  },
})

const timeText = fc
  .tuple(
    fc.date({ noInvalidDate: true }),
    fc.nat(3),
    fc.constantFrom('Z', '', '+03:00', '-2359', ' z', '+99:99'),
  )
  .map(([date, cut, zone]) => date.toISOString().replace('Z', '').slice(0, [23, 19, 16, 10][cut]) + zone)

const epochText = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(20))
  .map(([digits, cut]) => String(digits).slice(cut))

/** Times as events and parameters name them. */
export const timestamps = defineTarget<string | number>({
  name: 'timestamps',
  inputs: fc.oneof(
    mutatedText(timeText),
    mutatedText(epochText),
    fc.double(),
    fc.maxSafeInteger(),
    hostileText(),
  ),
  worst: () => [{ name: 'digits', input: () => '1'.repeat(EVENT_BYTES) }],
  parse: parseTimestamp,
  check(_, outcome) {
    ensure('value' in outcome, 'it throws')
    const ms = outcome.value as number | undefined
    if (ms === undefined) return
    ensure(Number.isInteger(ms) && Math.abs(ms) <= LAST_TIME_MS, `${ms} is no time`)
    ensure(parseTimestamp(new Date(ms).toISOString()) === ms, `${ms} does not come back`)
  },
})

function isJson(text: string): boolean {
  return 'value' in attempt(() => JSON.parse(text) as unknown)
}

function attempt(work: () => unknown): { value: unknown } | { error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

/** JSON has -0 and JSON.stringify does not write it. */
function hasZero(value: unknown): boolean {
  return JSON.stringify(value, (_, one: unknown) => (Object.is(one, -0) ? 'minus zero' : one)).includes(
    'minus zero',
  )
}
