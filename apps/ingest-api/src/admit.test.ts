import { describe, expect, it } from '@jest/globals'
import { AppError, createEventIds, isEventId } from '@runnel/contracts'
import fc from 'fast-check'
import { admit } from './admit.ts'
import { textsOf, type Admission } from './admitted-events.ts'
import type { DecodedBody } from './wire-format.ts'
import { allTexts, WrittenTexts } from './written-texts.ts'

const OPTIONS = { nextId: createEventIds(), eventLimitBytes: 1000, keyForm: 'item' } as const

const admitTexts = async (form: DecodedBody['form'], texts: readonly string[]): Promise<Admission> =>
  admit({ form, kinds: 'logs', texts, context: undefined }, undefined, OPTIONS)

/** Ids that are made as texts alone. */
const asTexts = { ...OPTIONS, nextId: () => OPTIONS.nextId() }

/** What takes some tenths of a second: many slices. */
const many = (count: number) => Array.from({ length: count }, (_, n) => `{"n":${n},"m":"${'x'.repeat(500)}"}`)

/** Of plain events their bytes, as formats write them. */
function inBytes({ texts, plain }: DecodedBody): WrittenTexts {
  const written = new WrittenTexts()
  for (const [i, text] of allTexts(texts).entries()) {
    const from = written.writer.at
    if (plain![i] !== true) written.add(text)
    else {
      written.writer.reserve(3 * text.length)
      written.writer.putText(text)
      written.end(from)
    }
  }
  return written
}

describe('admission', () => {
  it('of what needs no look writes the same events as of all else, but for their ids', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).map((one) => JSON.stringify({ one: one.toWellFormed() })),
      fc.nat(1000).map((length) => `{"m":"${'x'.repeat(length)}é"}`),
    )
    const withoutIds = (admission: Admission) =>
      textsOf(admission.admitted).map((one) => one.replace(/^\{"id":"[^"]{36}"/, '{'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.constantFrom(0, 1), fc.boolean()), { maxLength: 30 }),
        fc.constantFrom(undefined, 'bytes', 'a"b'),
        fc.constantFrom(undefined, '', 'team'),
        async (items, bodyKey, namespace) => {
          let index = 0
          const body: DecodedBody = {
            ...{ form: 'records', kinds: 'logs', context: undefined },
            texts: items.map(([one]) => one),
            indexes: items.map(([, step]) => (index += step)),
            plain: items.map(([, , isPlain]) => isPlain),
            ...(bodyKey !== undefined && { bodyKey }),
          }
          const named = { namespace, eventLimitBytes: 900 }
          const written = await admit(body, undefined, { ...OPTIONS, ...named })
          const fromBytes = await admit({ ...body, texts: inBytes(body) }, undefined, {
            ...OPTIONS,
            ...named,
          })
          expect(withoutIds(fromBytes)).toEqual(withoutIds(written))
          expect(fromBytes.rejected).toEqual(written.rejected)
          const read = await admit(body, undefined, { ...asTexts, ...named })
          expect(withoutIds(written)).toEqual(withoutIds(read))
          expect(written.admitted.indexes).toEqual(read.admitted.indexes)
          expect(written.rejected).toEqual(read.rejected)
          const names = written.admitted.names()
          expect(names.every(({ id }) => isEventId(id))).toBe(true)
          expect(names.map(({ id }) => id)).toEqual(names.map(({ id }) => id).toSorted())
        },
      ),
      { seed: 7, numRuns: 300 },
    )
  })

  it('of a large batch lets others have their turn, and keeps all of it in order', async () => {
    const texts = many(20_000)
    let turns = 0
    const counting = setInterval(() => turns++)
    const { admitted, rejected } = await admitTexts('document', texts)
    clearInterval(counting)
    expect(turns).toBeGreaterThan(0)
    expect(rejected).toEqual([])
    expect(admitted.indexes).toEqual(texts.map((_, n) => n))
    expect(textsOf(admitted).at(-1)).toContain('"n":19999')
  })

  it('of a document with an item that is no JSON is of none of it, however late that comes', async () => {
    await expect(admitTexts('document', [...many(20_000), '{'])).rejects.toMatchObject({ code: 'bad_json' })
  })

  it('of records loses only those that are no JSON', async () => {
    const { admitted, rejected } = await admitTexts('records', ['{}', '{', '{"a":1}'])
    expect(admitted.indexes).toEqual([0, 2])
    expect(rejected).toMatchObject([{ index: 1, code: 'bad_json' }])
  })

  it('does not parse what is too large', async () => {
    const large = '['.repeat(1001)
    await expect(admitTexts('single', [large])).rejects.toThrow(AppError)
    expect(await admitTexts('document', [large, '{}'])).toMatchObject({
      admitted: { indexes: [1] },
      rejected: [{ index: 0, code: 'body_too_large' }],
    })
  })

  it('knows an event by its item where the key is that of the bytes, and by its text where a client named the request', async () => {
    const body: DecodedBody = { form: 'records', kinds: 'logs', texts: ['{}', '{}'], context: undefined }
    const envelopes = async (requestKey: string | undefined) => {
      const { admitted } = await admit({ ...body, bodyKey: 'bytes' }, requestKey, OPTIONS)
      return textsOf(admitted).map(
        (encoded) => JSON.parse(encoded) as { readonly key: string; readonly item?: string },
      )
    }
    const ofBody = await envelopes(undefined)
    expect(ofBody.map(({ key, item }) => [key, item])).toEqual([
      ['bytes.0.0', undefined],
      ['bytes.1.0', undefined],
    ])
    const named = await envelopes('mine')
    expect(named.map(({ key, item }) => [key, item?.slice(-2)])).toEqual([
      ['mine#0', '.0'],
      ['mine#1', '.1'],
    ])
  })
  it('names an event of a body by its item alone, whatever was refused before it', async () => {
    const keysOf = async (texts: readonly string[], indexes: readonly number[]) => {
      const body: DecodedBody = { form: 'records', kinds: 'logs', texts, indexes, context: undefined }
      const { admitted } = await admit({ ...body, bodyKey: 'bytes' }, undefined, OPTIONS)
      return new Map(
        textsOf(admitted).map((encoded) => {
          const { key, data } = JSON.parse(encoded) as { readonly key: string; readonly data: unknown }
          return [JSON.stringify(data), key]
        }),
      )
    }
    const whole = await keysOf(
      ['{"n":0}', '{"n":1,"of":"sum"}', '{"n":1,"of":"count"}', '{"n":2}'],
      [0, 1, 1, 2],
    )
    const limited = await keysOf(['{"n":1,"of":"sum"}', '{"n":1,"of":"count"}', '{"n":2}'], [1, 1, 2])
    expect(new Set(whole.values()).size).toBe(4)
    for (const [data, key] of limited) expect(whole.get(data)).toBe(key)
  })
})
