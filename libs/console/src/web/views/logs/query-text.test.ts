import { expect, test } from '@jest/globals'
import { addTerm, findQueryError, writeTerm } from './query-text.ts'

test.each([
  [['service'], 'api', 'service:api'],
  [['user', 'id'], '42', 'user.id:42'],
  [['user.id'], 'a b', 'user.id:"a b"'],
  [['note'], 'say "hi" \\ *', String.raw`note:"say \"hi\" \\ *"`],
  [['path'], '/api/v1', 'path:"/api/v1"'],
  [['x'], '-5', 'x:"-5"'],
  [['x'], '', 'x:""'],
  [['service', 'name'], 'api', 'service.name:api'],
])('a condition is written so that it can be read again: %j %s', (path, value, term) => {
  expect(writeTerm(path, value)).toBe(term)
  expect(findQueryError(term)).toBeUndefined()
})

test.each([
  ['', 'a:1', 'a:1'],
  ['x', 'a:1', 'x a:1'],
  ['x a:1', 'a:1', 'x a:1'],
  ['x a:1 y', '-a:1', 'x -a:1 y'],
  ['-a:$&', 'a:$&', 'a:$&'],
  ['x OR y', '-a:1', '(x OR y) -a:1'],
])('to %s is added %s', (query, term, expected) => expect(addTerm(query, term)).toBe(expected))
