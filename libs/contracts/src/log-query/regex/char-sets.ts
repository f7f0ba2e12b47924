import type { CharRange, CharSet } from './regex.ts'

const code = (letter: string) => letter.codePointAt(0)!
const range = (first: string, last = first): CharRange => [code(first), code(last)]

export const DIGITS = [range('0', '9')]
export const WORD_CHARACTERS = [range('a', 'z'), range('A', 'Z'), ...DIGITS, range('_')]
export const BLANKS = [range('\t', '\r'), range(' ')]

/** `.`: anything but the end of a line. */
export const ANY: CharSet = { kind: 'set', ranges: [range('\n')], negated: true }

const LAST_CODE_POINT = 0x10ffff

/** @returns whether a set has a character */
export function hasCharacter({ ranges, negated }: CharSet, character: number): boolean {
  return ranges.some(([first, last]) => first <= character && character <= last) !== negated
}

/** What lies outside of the ranges. */
export function complement(ranges: readonly CharRange[]): CharRange[] {
  const outside: CharRange[] = []
  let next = 0
  for (const [first, last] of merge(ranges)) {
    if (first > next) outside.push([next, first - 1])
    next = last + 1
  }
  if (next <= LAST_CODE_POINT) outside.push([next, LAST_CODE_POINT])
  return outside
}

/** Wider ranges keep their case: no script has that many letters with two. */
const MAX_FOLDED = 2000

/** The ranges, with the small letters of all capital ones: for texts in lower case. */
export function withSmallLetters(ranges: readonly CharRange[]): CharRange[] {
  const small: CharRange[] = []
  for (const [first, last] of ranges) {
    if (last - first > MAX_FOLDED) small.push(...smallAscii(first, last))
    else for (let letter = first; letter <= last; letter++) small.push(...smallLetter(letter))
  }
  return merge([...ranges, ...small])
}

function smallAscii(first: number, last: number): CharRange[] {
  const [from, to] = [Math.max(first, code('A')), Math.min(last, code('Z'))]
  return from <= to ? [[from + 32, to + 32]] : []
}

function smallLetter(letter: number): CharRange[] {
  const small = String.fromCodePoint(letter).toLowerCase()
  const point = code(small)
  return point === letter || String.fromCodePoint(point) !== small ? [] : [[point, point]]
}

function merge(ranges: readonly CharRange[]): CharRange[] {
  const merged: [number, number][] = []
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}
