import fc from 'fast-check'
import { repeated } from '../inputs/large-json.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import type { AnyTarget } from '../target.ts'
import { formatTarget } from './wire-formats.ts'

const BODY_BYTES = 5 * 1024 ** 2

const headers = { 'content-type': 'text/plain' }

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('room', 'a\\ b', 'a\\,b', 'a\\=b', '__proto__', 'C:\\x') },
  { weight: 1, arbitrary: hostileText(8) },
)
const value = fc.oneof(
  fc.constantFrom(
    '1',
    '1.5e3',
    '-7i',
    '18446744073709551615u',
    '9223372036854775808i',
    't',
    'FALSE',
    '"a"',
    '"a\\"\n"',
    'NaN',
    '1e999',
  ),
  hostileText(8),
)
const pair = fc.tuple(name, value).map((both) => both.join('='))
const line = fc
  .tuple(
    name,
    fc.array(fc.tuple(name, name), { maxLength: 2 }),
    fc.array(pair, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', ' 1795953600007000001', ' -1', ' 1x'),
  )
  .map(
    ([measurement, tags, fields, time]) =>
      [measurement, ...tags.map((tag) => tag.join('='))].join(',') + ` ${fields.join(',')}${time}`,
  )

export const influx: AnyTarget = formatTarget(
  'influx',
  '/api/v2/write',
  mutatedBytes(fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'))).map((bytes) => ({
    bytes,
    headers,
  })),
  () =>
    [
      ['short lines', repeated(BODY_BYTES, 'a b=1', '', '', '\n')],
      ['invalid lines', repeated(BODY_BYTES, 'a', '', '', '\n')],
      ['many fields', repeated(BODY_BYTES, 'b=1', 'a ', '', ',')],
      ['many tags', repeated(BODY_BYTES / 10, 'b=1', 'a,', ' c=1', ',')],
      ['different tags', `a,${Array.from({ length: 300_000 }, (_, i) => `t${i}=1`).join(',')} c=1`],
      ['a text without an end', `a b="${'x'.repeat(BODY_BYTES - 10)}`],
      ['texts without an end', repeated(BODY_BYTES, 'a b="x', '', '', '\n')],
      ['escapes', `a b="${repeated(BODY_BYTES - 10, '\\"', '', '', '')}"`],
      ['escapes in a name', `${repeated(BODY_BYTES - 10, '\\,', '', '', '')} b=1`],
      ['blanks', ' '.repeat(BODY_BYTES)],
      ['comments', repeated(BODY_BYTES, '#', '', '', '\n')],
    ].map(([what, text]) => ({ name: what!, input: () => ({ bytes: Buffer.from(text!), headers }) })),
)
