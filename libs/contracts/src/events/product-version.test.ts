import { describe, expect, it } from '@jest/globals'
import { AppError } from '../app-error.ts'
import { readProductVersion } from './product-version.ts'

const NOW_MS = Date.UTC(2026, 10, 29, 18, 59, 59)

function refusalOf(version: number): unknown {
  try {
    readProductVersion({ version }, NOW_MS)
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.details.field
    throw error
  }
}

describe('the version of a product', () => {
  it.each([
    ['a count', 7],
    ['a negative count', -7],
    ['a count of many digits', 99_999_999_999],
    ['seconds, of any time', 1_999_999_999],
    ['a day', 20_991_231],
    ['milliseconds of now', NOW_MS],
    ['milliseconds of tomorrow', NOW_MS + 86_400_000],
    ['microseconds of now', NOW_MS * 1000],
    ['digits of now', 20261129185959],
    ['digits of a local time', 20261130085959],
  ])('may be %s', (_what, version) => {
    expect(readProductVersion({ version }, NOW_MS)).toBe(version)
  })

  it.each([
    ['milliseconds of the day after tomorrow', NOW_MS + 2 * 86_400_000],
    ['microseconds of the day after tomorrow', (NOW_MS + 2 * 86_400_000) * 1000],
    ['digits of the day after tomorrow', 20261201190000],
    ['digits of no day', 20261329185959],
    ['the greatest integer', Number.MAX_SAFE_INTEGER],
  ])('may not be %s: nothing could ever replace it', (_what, version) => {
    expect(refusalOf(version)).toBe('/version')
  })

  it('may be missing', () => {
    expect(readProductVersion({}, NOW_MS)).toBeNull()
    expect(readProductVersion({ version: null }, NOW_MS)).toBeNull()
  })
})
