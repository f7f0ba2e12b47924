import { randomBytes } from 'node:crypto'
import { AppError } from '@runnel/contracts'
import type { EscapedName } from './find-escaped-names.ts'
import { UnitWriter } from './unit-writer.ts'

/** Stands before the numbers of names; random, so that no text can contain it on purpose. */
const MARK = randomBytes(9).toString('base64')

/** Digits of any number of names that a text can hold. */
const NUMBER_CHARS = 9

/** A text in which no name is written with a backslash. */
export interface WrittenNames {
  readonly text: string
  /** The names that JSON cannot hold without an escape: marks with their numbers stand in the text for them. */
  readonly marked: readonly string[]
}

/**
 * Writes names without their escapes. In one pass over units: a text for each name, and for what lies between, would cost as
 * much as JSON.parse itself.
 *
 * @param maxMarked names that are put aside, each spelling for itself
 * @throws SyntaxError
 * @throws AppError too_many_items
 */
export function writeNames(text: string, names: readonly EscapedName[], maxMarked: number): WrittenNames {
  const writer = new UnitWriter(text.length + names.length * (MARK.length + NUMBER_CHARS))
  const numbers = new Map<string, number>()
  let at = 0
  for (const { from, to } of names) {
    writer.copy(text, at, from + 1)
    if (!writer.unescape(text, from + 1, to - 1)) {
      writer.write(MARK)
      writer.write(String(numberOf(text.slice(from, to), numbers, maxMarked)))
    }
    at = to - 1
  }
  writer.copy(text, at, text.length)
  return { text: writer.toString(), marked: JSON.parse(`[${[...numbers.keys()].join(',')}]`) as string[] }
}

/** @returns the name that a mark stands for; undefined where the name is not a mark */
export function readMark(name: string, marked: readonly string[]): string | undefined {
  return name.startsWith(MARK) ? marked[Number(name.slice(MARK.length))] : undefined
}

function numberOf(spelling: string, numbers: Map<string, number>, maxMarked: number): number {
  const known = numbers.get(spelling)
  if (known !== undefined) return known
  const number = numbers.size
  if (number === maxMarked) throw tooManyNames(maxMarked)
  numbers.set(spelling, number)
  return number
}

function tooManyNames(max: number): AppError {
  return new AppError('too_many_items', 'The JSON has too many names with quotes or control characters', {
    expected: `at most ${max} different names that hold quotes, backslashes or control characters`,
  })
}
