import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { showControls } from './show-controls.ts'

/** What no terminal should get from a log. */

const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/

describe('control characters in a line of output', () => {
  it('are shown, not obeyed, whatever a message holds', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\\', 'u', '0', '1', 'b', 'n', '\u001b', '\u009b', '\u202e', '"') }),
    )
    fc.assert(
      fc.property(any, (msg) => {
        const { msg: shown } = JSON.parse(showControls(JSON.stringify({ msg }))) as { msg: string }
        expect(shown).not.toMatch(CONTROLS)
        if (!CONTROLS.test(msg) && !/[\u200e\u200f]/.test(msg)) expect(shown).toBe(msg)
      }),
      { numRuns: 300 },
    )
  })

  it('read as their escapes', () => {
    const line = JSON.stringify({ msg: 'a\u001b[2Jb\r\u009bc\\u001b' })
    expect(JSON.parse(showControls(line))).toEqual({ msg: 'a\\u001b[2Jb\\r\\u009bc\\u001b' })
  })

  it('of other programs are shown too, but for their colours', () => {
    expect(showControls('\u001b[31mred\u001b[0m \u001b[2J \u001b]0;title\u0007')).toBe(
      '\u001b[31mred\u001b[0m \\u001b[2J \\u001b]0;title\\u0007',
    )
  })
})
