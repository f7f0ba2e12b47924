import { describe, expect, it } from '@jest/globals'
import { emptyForm } from './form-values.ts'
import { toPreview } from './to-preview.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')

describe('what the form asks to look at', () => {
  const values = { ...emptyForm(NOW_MS), text: 'Hi', tags: ['vip'] }

  it('has the text, the filter and the times', () => {
    expect(toPreview(values, NOW_MS)).toEqual({
      ...{ channel: 'gateway', subject: null, text: 'Hi' },
      ...{ filter: { operatorCodes: [], tags: ['vip'], received: [], notReceived: [] } },
      ...{ end: '2026-03-02T13:00:00.000Z', window: null },
    })
    const window = { hasWindow: true, from: '09:00', to: '10:00' }
    expect(toPreview({ ...values, ...window, startsLater: true }, NOW_MS)).toMatchObject({
      ...{ start: '2026-03-01T13:00:00.000Z', window: { from: '09:00', to: '10:00' } },
    })
  })

  it.each([{ end: '' }, { hasWindow: true, from: '' }, { startsLater: true, start: 'never' }])(
    'leaves out times that are not right yet: %j',
    (members) => {
      expect(toPreview({ ...values, ...members }, NOW_MS)).toEqual({
        ...{ channel: 'gateway', subject: null, text: 'Hi' },
        ...{ filter: { operatorCodes: [], tags: ['vip'], received: [], notReceived: [] } },
      })
    },
  )
})
