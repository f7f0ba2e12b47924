import { expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import fc from 'fast-check'
import { splitObjects } from './split-objects.ts'

const split = (text: string | Buffer) =>
  [...splitObjects(Buffer.from(text as string), 100)].map((one) => (one instanceof AppError ? one.code : one))

it.each([
  ['', []],
  [' \n', []],
  ['{"a":1}{"b":{"c":"}{"}}\n\n {"d":"\\"}"}', ['{"a":1}', '{"b":{"c":"}{"}}', '{"d":"\\"}"}']],
  ['\ufeff{}', ['{}']],
  ['[{"a":1},{}]', ['{"a":1}', '{}']],
  ['{"a":}{"b":1}', ['{"a":}', '{"b":1}']],
  ['{},{}', ['{}', 'bad_json', '{}']],
  ['x', ['bad_json']],
  ['{}{"a":"', ['{}', '{"a":"']],
])('%j holds %j', (text, objects) => {
  expect(split(text)).toEqual(objects)
})

it('loses only the object that is no UTF-8', () => {
  const bytes = Buffer.concat([Buffer.from('{"a":"ä"}{"b":"'), Buffer.from([0xff]), Buffer.from('"}{}')])
  expect(split(bytes)).toEqual(['{"a":"ä"}', 'bad_encoding', '{}'])
})

it('finds every object, however they are joined', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(object), fc.constantFrom('', ' ', '\n\n'), (objects, separator) => {
      const texts = objects.map((one) => JSON.stringify(one))
      expect(split(texts.join(separator))).toEqual(texts)
    }),
    { seed: 1, numRuns: 1000 },
  )
})
