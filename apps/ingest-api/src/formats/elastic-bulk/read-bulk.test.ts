import { describe, expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import fc from 'fast-check'
import { readBulk } from './read-bulk.ts'
import { allTexts } from '../../written-texts.ts'

/** Everything at once. */
function read(body: string | Buffer, pathIndex?: string, maxItems = 1000) {
  const reading = readBulk(Buffer.from(body as string), pathIndex, { maxItems, eventLimitBytes: 1_000_000 })
  for (;;) {
    const step = reading.next()
    if (step.done) return step.value
  }
}

const lines = (...values: unknown[]) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n')

const rejectedOf = (body: string | Buffer) => read(body).rejected!.map(({ index, code }) => [index, code])

describe('a bulk body', () => {
  it('is read with and without a last newline, with CRLF, blank lines and a byte order mark', () => {
    const [action, document] = ['{"index":{"_index":"a"}}', '{"n":1}']
    const bodies = [
      `${action}\n${document}`,
      `${action}\n${document}\n`,
      `${action}\r\n${document}\r\n`,
      `\ufeff\n \r\n${action}\n\n\n  ${document}\r\n\n`,
    ]
    for (const body of bodies) expect(read(body).texts).toEqual(['{"_index":"a","n":1}'])
  })

  it('has documents with the index and the id beside them, which members of their own go before', () => {
    const body = lines(
      { index: { _index: 'a', _id: 'x', _type: 'doc', pipeline: null }, attempts: 0 },
      ' {  } ',
      { index: {} },
      { message: 'm', _index: 'mine' },
      { index: { _id: 7 } },
      '[1]',
    )
    const { texts } = read(body, 'path')
    expect(allTexts(texts).map((text) => JSON.parse(text) as unknown)).toEqual([
      { _index: 'a', _id: 'x' },
      { _index: 'mine', message: 'm' },
      [1],
    ])
  })

  it('has a key where a document is to be created under an id', () => {
    const body = lines(
      ...[{ create: { _index: 'a' } }, {}, { create: { _index: 'a', _id: '1' } }, {}],
      ...[{ index: { _index: 'a', _id: '1' } }, {}, { index: { _id: 'b/c', op_type: 'create' } }, {}],
    )
    const { keys, context } = read(body, 'p')
    expect([...keys!]).toEqual([undefined, 'a/1', undefined, 'p/b/c'])
    expect(context.actions.map(({ operation }) => operation)).toEqual(['create', 'create', 'index', 'create'])
  })

  it('loses nothing but the item by a line that is wrong', () => {
    const good = [{ index: { _index: 'a' } }, { n: 1 }]
    const bad = Buffer.from([0x7b, 0xff, 0x7d, 0x0a])
    const document = Buffer.concat([Buffer.from('{"index":{}}\n'), bad, Buffer.from(lines(...good))])
    expect(rejectedOf(document)).toEqual([[0, 'bad_encoding']])
    expect(read(document).texts).toEqual(['{"_index":"a","n":1}'])
    const action = Buffer.concat([
      Buffer.from(`${lines(...good)}\n`),
      bad,
      Buffer.from(`{"m":2}\n${lines(...good)}`),
    ])
    expect(rejectedOf(action)).toEqual([[1, 'bad_json']])
    expect(read(action).texts).toHaveLength(2)
    expect(rejectedOf(lines('{"index', ...good, 'x', ...good))).toEqual([
      [0, 'bad_json'],
      [2, 'bad_json'],
    ])
    expect(rejectedOf(lines(...good, { index: {} }))).toEqual([[1, 'bad_request']])
    const long = { create: { _index: 'a', _id: 'x'.repeat(511) } }
    expect(rejectedOf(lines(long, {}, ...good))).toEqual([])
  })

  it('loses nothing but the item whose document is a blank line', () => {
    const [action, document] = ['{"index":{"_index":"a"}}', '{"n":1}']
    const body = lines(action, '', action, document, '{"update":{}}', ' \r', action, document, action, '')
    expect(rejectedOf(body)).toEqual([
      [0, 'bad_request'],
      [2, 'invalid_field'],
      [4, 'bad_request'],
    ])
    expect(read(body)).toMatchObject({ texts: Array(2).fill('{"_index":"a","n":1}'), indexes: [1, 3] })
  })

  it('has items for deletions and updates, that are refused', () => {
    const body = lines({ delete: { _id: 1 } }, { update: { _id: 1 } }, { doc: {} }, { index: {} }, { n: 1 })
    expect(rejectedOf(body)).toEqual([
      [0, 'invalid_field'],
      [1, 'invalid_field'],
    ])
    expect(read(body)).toMatchObject({ texts: ['{"n":1}'], indexes: [2] })
  })

  it.each([
    ['', 'empty_batch'],
    ['\r\n \n', 'empty_batch'],
    ['[{"message":"m"}]', 'bad_request'],
    ['{"message":"m"}\n{"message":"n"}', 'bad_request'],
    ['x\n'.repeat(1000) + '{"index":{}}\n{}', 'bad_request'],
  ])('that holds no actions is refused as a whole: %j', (body, code) => {
    let thrown: unknown
    try {
      read(body)
    } catch (error) {
      thrown = error
    }
    expect(thrown instanceof AppError && thrown.code).toBe(code)
  })

  it('ends soon behind as many items as there may be', () => {
    const body = lines(...Array.from({ length: 50 }, () => [{ index: {} }, {}]).flat())
    expect(read(body, undefined, 10).texts).toHaveLength(11)
  })

  it('gives back what was written, in its order, whatever the documents and names are', () => {
    const name = fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { nil: undefined })
    const item = fc.record({
      operation: fc.constantFrom('index' as const, 'create' as const, 'update' as const, 'delete' as const),
      index: name,
      id: name,
      document: fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
      breaks: fc.constantFrom('\n', '\r\n', '\n\n'),
    })
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 20 }), fc.boolean(), (items, isEnded) => {
        const written = items.map(({ operation, index, id, document, breaks }) => {
          const action = JSON.stringify({ [operation]: { _index: index, _id: id } })
          return operation === 'delete'
            ? action + breaks
            : action + breaks + JSON.stringify(document) + breaks
        })
        const { context, texts, indexes } = read(written.join('').slice(0, isEnded ? undefined : -1))
        expect(context.actions).toEqual(items.map(({ operation, index, id }) => ({ operation, index, id })))
        const taken = items.flatMap(({ operation }, i) => (/index|create/.test(operation) ? i : []))
        expect(indexes).toEqual(taken)
        const documents = taken.map((i) => {
          const { index, id, document } = items[i]!
          return {
            ...(index !== undefined && { _index: index }),
            ...(id !== undefined && { _id: id }),
            ...document,
          }
        })
        expect(allTexts(texts).map((text) => JSON.parse(text) as unknown)).toEqual(
          documents.map((document) => JSON.parse(JSON.stringify(document)) as unknown),
        )
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
