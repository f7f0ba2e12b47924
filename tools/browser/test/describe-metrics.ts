import { describe, it } from '@jest/globals'
import { colorSeries, compareSeries, drawRareValues, findNewestValue, shareCursor } from './story/charts.ts'
import { markEvents } from './story/marks.ts'
import {
  arrangeDashboard,
  editDashboardTogether,
  keepUnsavedDashboard,
  pinCharts,
} from './story/dashboards.ts'
import { chooseTime, chooseZone, findNewestEntry, seeTicks, zoomByDragging } from './story/time.ts'
import type { TestSession } from './use-browser.ts'

/** Of two people who edit one dashboard, the second is refused. */
export const EDIT_REFUSED = /409 \(Conflict\) \(\S+\/api\/v1\/dashboards\/\d+\)$/

/** Charts and time, as one looks for a cause. */
export function describeMetrics(session: () => TestSession): void {
  describe('charts', () => {
    it('draws values that come more rarely than steps, and such as stand alone', () =>
      drawRareValues(session()))
    it('has one colour for a series in every chart and at every zoom', () => colorSeries(session()))
    it('leads to the newest value where a range has none', () => findNewestValue(session()))
    it('shows several metrics together, rates, percentiles, and the day before', () =>
      compareSeries(session()))
    it('marks mailings and deployments, and leads to them', () => markEvents(session()))
    it('shows the moment that is pointed at in every chart', () => shareCursor(session()))
  })
  describe('dashboards', () => {
    it('keep charts that were pinned where metrics are explored', () => pinCharts(session()))
    it('are renamed and arranged, and shared by a link to the same stretch of time', () =>
      arrangeDashboard(session()))
    it('asks before unsaved changes of a dashboard are lost', () => keepUnsavedDashboard(session()))
    it('say so where two people edit one, lose nothing, and are deleted', () =>
      editDashboardTogether(session()))
  })
  describe('time', () => {
    it('has labels on its axis that are whole', () => seeTicks(session()))
    it('is chosen from five minutes to all that is kept, typed, shifted and widened', () =>
      chooseTime(session()))
    it('is chosen by dragging over a chart', () => zoomByDragging(session()))
    it('is shown and typed in the zone that was chosen', () => chooseZone(session()))
    it('leads to the newest entry where a range has none', () => findNewestEntry(session()))
  })
}
