import { expect, it } from '@jest/globals'
import type { DecodeLimits } from '../../wire-format.ts'
import { mapRecords, type MappedEvent } from './map-records.ts'

const LIMITS: DecodeLimits = {
  maxItems: 10,
  bodyLimitBytes: 1000,
  eventLimitBytes: 1000,
  textsLimitChars: 1000,
}

/** Each record becomes as many events as it says, of as many characters. */
const map = ({ events, chars }: { readonly events: number; readonly chars: number }): MappedEvent[] =>
  Array.from({ length: events }, () => ({ kind: 'logs', item: { m: 'x'.repeat(chars - '{"m":""}'.length) } }))

const read = async (...records: Parameters<typeof map>[0][]) =>
  mapRecords(records, { map, kind: 'logs', limits: LIMITS, context: undefined })

it('a record that becomes more events than a body may hold ends the reading', async () => {
  expect((await read({ events: 10, chars: 20 })).texts).toHaveLength(10)
  expect((await read({ events: 1000, chars: 20 })).texts).toHaveLength(11)
  expect(
    (await read({ events: 6, chars: 20 }, { events: 6, chars: 20 }, { events: 6, chars: 20 })).texts,
  ).toHaveLength(11)
})

it('events that come to more characters than those of a body may are refused as a whole', async () => {
  expect((await read({ events: 1, chars: 500 }, { events: 5, chars: 100 })).texts).toHaveLength(6)
  const tooLarge = { code: 'body_too_large' }
  await expect(read({ events: 1, chars: 500 }, { events: 5, chars: 101 })).rejects.toMatchObject(tooLarge)
  await expect(
    read(...Array<{ events: number; chars: number }>(6).fill({ events: 1, chars: 200 })),
  ).rejects.toMatchObject(tooLarge)
})

it('events are kept as values beside their texts until they are many', async () => {
  const limits = { ...LIMITS, textsLimitChars: 10_000_000 }
  const records = (events: number) => [{ events, chars: 100_000 }]
  const decode = async (events: number) =>
    mapRecords(records(events), { map, kind: 'logs', limits, context: undefined })
  const few = await decode(5)
  expect([few.texts.length, few.values?.length]).toEqual([5, 5])
  const many = await decode(6)
  expect([many.texts.length, many.values]).toEqual([6, undefined])
})
