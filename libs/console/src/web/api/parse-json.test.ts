import { describe, expect, it } from '@jest/globals'
import { parseJson } from './parse-json.ts'

const NUMBERS = '{"a":[9007199254740993,1.0,0.1234567890123456789,1e400,5]}'

describe('parseJson', () => {
  it('keeps every digit', () => {
    expect(JSON.stringify(parseJson(NUMBERS))).toBe(NUMBERS)
  })

  it('reads such numbers as text where the browser lacks JSON.rawJSON', () => {
    const { rawJSON } = JSON
    try {
      JSON.rawJSON = undefined as never
      expect(parseJson(NUMBERS)).toEqual({
        a: ['9007199254740993', '1.0', '0.1234567890123456789', '1e400', 5],
      })
    } finally {
      JSON.rawJSON = rawJSON
    }
  })
})
