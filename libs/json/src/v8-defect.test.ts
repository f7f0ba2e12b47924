import { expect, it } from '@jest/globals'

/**
 * parseText writes member names anew because of this defect (https://github.com/nodejs/node/issues/63785). On the day that
 * this test fails, V8 has fixed it: find-escaped-names, write-names, unit-writer and the marks in parse-text can go, and
 * parseText is JSON.parse.
 */
it('V8 still reads an escaped name as the backslash of an earlier object', () => {
  const first = `m${Math.random()}`
  JSON.parse(`{"${first}":1,"\\\\":1}`)
  expect(Object.keys(JSON.parse(`{"${first}":1,"\\n":1}`) as object)).toEqual([first, '\\'])
})
