import { expect, test } from '@jest/globals'
import { completions, knownFields } from './completions.ts'

const entry = (service: string, data: unknown) => ({
  ...{ id: 'x', receivedAt: '', occurredAt: '', level: null, message: null },
  service,
  data,
})
const fields = knownFields([
  entry('api', { attributes: { user: { id: 42 }, 'http.method': 'GET', note: 'a b' } }),
  entry('api-2', { status: 500 }),
])

test.each([
  ['le', ['level:']],
  ['x -ser', ['x -service:']],
  ['service:', ['service:api', 'service:api-2']],
  ['(level:err', ['(level:error']],
  ['user.', ['user.id:']],
  ['user.id:', ['user.id:42']],
  ['http', ['http.method:']],
  ['note:', ['note:"a b"']],
  ['nothing', []],
  ['nothing:', []],
])('%s may become', (text, expected) =>
  expect(completions(text, fields).map(({ before, term }) => before + term)).toEqual(expected),
)

test('at the beginning every field is offered', () => {
  expect(completions('', fields).map(({ term }) => term)).toEqual(
    expect.arrayContaining(['level:', 'service:', 'status:', 'user.id:']),
  )
})

test('what the server has seen is offered, too', () => {
  const served = [{ field: 'user."full name"', count: 2, values: ['Ada L'] }]
  const terms = (text: string) => completions(text, knownFields([], served)).map(({ term }) => term)
  expect(terms('user')).toEqual(['user."full name":'])
  expect(terms('user."full name":')).toEqual(['user."full name":"Ada L"'])
})
