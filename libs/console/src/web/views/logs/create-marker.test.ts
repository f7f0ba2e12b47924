import { describe, expect, it } from '@jest/globals'
import { createMarker } from './create-marker.ts'

const marked = (query: string, text: string, q = '') =>
  createMarker(query, q)(text).map(([from, to]) => text.slice(from, to))

describe('what is searched for is marked', () => {
  it.each([
    ['timeout', 'TimeOut after timeout', ['TimeOut', 'timeout']],
    ['"a b" c', 'c A B', ['c', 'A B']],
    ['pay*ed', 'ed Payment failed', ['Pay', 'ed']],
    [String.raw`message:Order\ *\ took\ *\ ms`, 'Order 1 took 2 ms', ['Order ', ' took ', ' ms']],
    ['ab bc', 'abc', ['abc']],
    ['-a OR NOT b', 'a b', []],
    ['service:a level:error x:a', 'a error', []],
    ['message:*', 'a', []],
    [String.raw`/\d+ ?ms/`, 'took 12 ms, then 7ms', ['12 ms', '7ms']],
    ['/ORDER/i message:/^a/', 'an order', ['a', 'order']],
    ['/ORDER/', 'an order', []],
    ['straße', 'İ in der Straße', ['Straße']],
    ['(not closed', 'not closed', []],
  ])('%s in %p', (query, text, expected) => expect(marked(query, text)).toEqual(expected))

  it('by words of older addresses', () => {
    expect(marked('', 'one two three', 'two -three "one t"')).toEqual(['one two'])
  })

  it('up to where a list shows no more', () => {
    const text = `${'x'.repeat(30_000)}end`
    expect(marked('end', text)).toEqual([])
    expect(marked('/end/', text)).toEqual([])
  })
})
