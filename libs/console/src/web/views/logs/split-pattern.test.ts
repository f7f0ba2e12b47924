import { expect, it } from '@jest/globals'
import { splitPattern } from './split-pattern.ts'

it.each([
  ['Order <num> took <num>ms', ['Order ', '<num>', ' took ', '<num>', 'ms']],
  ['<*> in', ['', '<*>', ' in']],
  ['plain < text >', ['plain < text >']],
])('%p is split at what varies', (pattern, pieces) => expect(splitPattern(pattern)).toEqual(pieces))
