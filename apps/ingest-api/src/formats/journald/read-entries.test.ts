import { expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import fc from 'fast-check'
import { readEntries, type JournalEntry } from './read-entries.ts'

const read = (bytes: Buffer) =>
  [...readEntries(bytes)]
    .filter((one) => one !== undefined)
    .map((one) => (one instanceof AppError ? one.code : one.map(([name, value]) => [name, value.toString()])))

const binary = (name: string, data: Buffer) => {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, data, Buffer.from('\n')])
}

it('reads fields of text and of bytes, and entries between empty lines', () => {
  const bytes = Buffer.concat([
    Buffer.from('\n\nA=1=2\nB=\n'),
    binary('C', Buffer.from('x\n\ny')),
    Buffer.from('\n\nA=2\nA=3'),
  ])
  expect(read(bytes)).toEqual([
    [
      ['A', '1=2'],
      ['B', ''],
      ['C', 'x\n\ny'],
    ],
    [
      ['A', '2'],
      ['A', '3'],
    ],
  ])
})

it.each<[string, Buffer]>([
  ['a length beyond the body', Buffer.from('A=1\n\nB\n\x09\0\0\0\0\0\0\0x\n\nC=2\n')],
  ['a length that is cut', Buffer.from('A=1\n\nB\n\x01\0')],
  ['a name alone', Buffer.from('A=1\n\nB')],
])('reads nothing behind %s', (_, bytes) => {
  expect(read(bytes)).toEqual([[['A', '1']], 'bad_request'])
})

it('loses only the entry with a line that is neither a field nor a name', () => {
  const bytes = Buffer.concat([
    Buffer.from('A=1\nno field at all\nB=2\n\nC=3\n\n-- reboot --\n\n'),
    binary('A-B', Buffer.from('x\n\nD=4')),
    Buffer.from('\nE=5\n'),
  ])
  expect(read(bytes)).toEqual(['bad_request', [['C', '3']], 'bad_request', 'bad_request', [['E', '5']]])
})

it('loses only the entry with a malformed name, or with too many fields', () => {
  const many = 'A=\n'.repeat(1025)
  const bytes = Buffer.from(`A=1\n=x\n\nB=2\n\nA-B=1\nC=3\n\n${many}\n${'x'.repeat(65)}=1\n\nD=4\n`)
  expect(read(bytes)).toEqual([
    'bad_request',
    [['B', '2']],
    ...['bad_request', 'bad_request', 'bad_request'],
    [['D', '4']],
  ])
})

it('reads whatever was written', () => {
  const field = fc.tuple(fc.stringMatching(/^[A-Z_]{1,20}$/), fc.uint8Array({ maxLength: 40 }))
  const entries = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 5 })
  fc.assert(
    fc.property(entries, (written) => {
      const bytes = written.map((entry) =>
        Buffer.concat([...entry.map(([name, data]) => binary(name, Buffer.from(data))), Buffer.from('\n')]),
      )
      const found = [...readEntries(Buffer.concat(bytes))] as JournalEntry[]
      const expected = written.map((entry) => entry.map(([name, data]) => [name, Buffer.from(data)]))
      expect(found.map((entry) => entry.map(([name, value]) => [name, Buffer.from(value)]))).toEqual(expected)
    }),
    { seed: 1, numRuns: 1000 },
  )
})
