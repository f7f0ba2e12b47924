import { describe, expect, it } from '@jest/globals'
import { PROTOCOL_MODES } from '../delivery-modes.ts'
import { PACED_MODES, pacesOf, parseRates } from './paced-modes.ts'

describe('the load', () => {
  it("is for the most part that of Runnel's own routes", () => {
    const events = (modes: readonly string[]) =>
      pacesOf({})
        .filter(({ mode }) => modes.includes(mode))
        .reduce((sum, { perSecond, count }) => sum + perSecond * count, 0)
    expect(events(PROTOCOL_MODES)).toBeGreaterThan(40)
    expect(events(PROTOCOL_MODES)).toBeLessThan(events(PACED_MODES) / 4)
  })

  it('has the rates that were chosen, and leaves out modes with none', () => {
    const rates = parseRates('protocols=0, bulk=2.5,single=0')
    const paces = new Map(pacesOf(rates).map(({ mode, perSecond }) => [mode, perSecond]))
    expect(paces.get('bulk')).toBe(2.5)
    expect(paces.get('raw')).toBe(20)
    expect([...paces.keys()]).toEqual(
      PACED_MODES.filter(
        (mode) => mode !== 'single' && (mode === 'bulk' || !mode.match(/^(otlp|remote|cloud)/)),
      ),
    )
  })

  it.each(['bulk', 'bulk=', 'bulk=x', 'bulk=-1', 'bulk=2000', 'none=1', ''])(
    'takes no rates like %j',
    (text) => {
      expect(() => parseRates(text)).toThrow(RangeError)
    },
  )
})
