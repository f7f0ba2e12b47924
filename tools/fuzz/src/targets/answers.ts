import { decodeBody, judgeAnswer, parsePhone, parseRetryAfter } from '@runnel/message-dispatcher/parsers'
import { parseExposition } from '@runnel/observability'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'

const NAMES = new Set(['runnel_a_total', 'process_resident_memory_bytes'])
const EXPOSITION_BYTES = 2 * 1024 ** 2
const LABEL_BYTES = 16 * 1024

const label = fc
  .tuple(fc.constantFrom('kind', 'a', '_'), hostileText(6))
  .map(([name, value]) => `${name}="${value}"`)
const sample = fc
  .tuple(
    fc.constantFrom(...NAMES, 'other'),
    fc.array(label, { maxLength: 3 }),
    fc.oneof(fc.double().map(String), fc.constantFrom('+Inf', 'NaN')),
  )
  .map(([name, labels, value]) => `${name}{${labels.join(',')}} ${value}`)

/** What another process exposes. */
export const exposition = defineTarget<string>({
  name: 'exposition',
  inputs: mutatedText(
    fc
      .array(fc.oneof(sample, fc.constantFrom('# HELP x y', '')), { maxLength: 5 })
      .map((lines) => lines.join('\n')),
  ),
  worst: () => [
    { name: 'a label without an end', input: () => `runnel_a_total{${'a'.repeat(LABEL_BYTES)}} 1` },
    { name: 'a text without an end', input: () => `runnel_a_total{a="${'x'.repeat(LABEL_BYTES)}} 1` },
    {
      name: 'escapes without an end',
      input: () => `runnel_a_total{a="${'\\"'.repeat(EXPOSITION_BYTES / 2)}} 1`,
    },
    { name: 'braces', input: () => `runnel_a_total{${'} '.repeat(EXPOSITION_BYTES / 2)}` },
    { name: 'empty lines', input: () => '\n'.repeat(EXPOSITION_BYTES) },
    { name: 'short lines', input: () => 'x 1\n'.repeat(EXPOSITION_BYTES / 4) },
    { name: 'short lines that are none', input: () => 'xxx\n'.repeat(EXPOSITION_BYTES / 4) },
  ],
  parse: (text) => parseExposition(text, NAMES),
  check(_, outcome) {
    ensure('value' in outcome, 'it throws')
    for (const { name, value } of outcome.value as ReturnType<typeof parseExposition>)
      ensure(NAMES.has(name) && Number.isFinite(value), 'a sample is not valid')
  },
})

interface Answer {
  readonly status: number
  readonly body: string
  readonly complete: boolean
  readonly contentEncoding: string
  readonly contentType: string
  readonly retryAfter: string
}

/** Of an answer. */
const ANSWER_BYTES = 1024 * 1024

/** What a gateway answers, and phones as people write them. */
export const gateway = defineTarget<Answer>({
  name: 'gateway',
  inputs: fc.record({
    status: fc.integer({ min: 100, max: 999 }),
    body: mutatedText(
      fc.constantFrom(
        '{"code":0,"message":"OK"}',
        '{"code":-0,"message":""}',
        '{"code":"0"}',
        '\ufeff{"code":"00"}',
        '{"code":17}',
        '{"code":1e400,"message":"x"}',
        '[]',
        '',
      ),
    ),
    complete: fc.boolean(),
    contentEncoding: fc.constantFrom('', 'identity', 'gzip', 'deflate, br', '__proto__', 'zstd'),
    contentType: mutatedText(
      fc.constantFrom('application/json', 'text/json; charset=utf-16', 'a/b;charset="windows-1251"'),
    ),
    retryAfter: mutatedText(
      fc.constantFrom(
        '120',
        'Fri, 20 Nov 2026 08:00:00 GMT',
        'Friday, 20-Nov-26 08:00:00 GMT',
        '99999999999999999999',
        '79161234567',
      ),
    ),
  }),
  worst: () => [],
  parse: ({ retryAfter, ...answer }) => ({
    verdict: judgeAnswer(
      {
        status: answer.status,
        body: decodeBody(Buffer.from(answer.body), answer, ANSWER_BYTES),
        incomplete: answer.complete ? undefined : 'cut',
      },
      { success: 'code', transientCodes: new Set([17]) },
    ),
    waitMs: parseRetryAfter(retryAfter, undefined, Date.UTC(2026, 10, 20)),
    phone: tryPhone(retryAfter),
  }),
  check({ status }, outcome) {
    ensureDocumented(outcome)
    const { verdict, waitMs } = (
      outcome as { value: { verdict: ReturnType<typeof judgeAnswer>; waitMs?: number } }
    ).value
    ensure(
      verdict.outcome !== 'accepted' || (status >= 200 && status < 300),
      'accepted with a status other than 2xx',
    )
    ensure(waitMs === undefined || (waitMs >= 0 && Number.isFinite(waitMs)), 'a wait that is not valid')
  },
})

function tryPhone(text: string): unknown {
  try {
    return parsePhone(text)
  } catch (error) {
    ensureDocumented({ error })
    return undefined
  }
}
