import { AppError } from '@runnel/contracts'
import type { NumberDataPoint } from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import type { MetricHead } from './metric-head.ts'
import { noValue, requireRecorded, writePoint, writeWhole } from './point-text.ts'
import { writeExact, writeDouble } from './row-value.ts'
import type { RecordEvents } from './signal.ts'

/** @throws AppError missing_field | number_out_of_range of a point without a value, or with one that is not finite */
export function numberRows(point: NumberDataPoint, head: MetricHead): RecordEvents {
  requireRecorded(point)
  const value = readNumber(point.value)
  return {
    events: [writeWhole(point, head, value, true, writePoint(point, head))],
    hasTime: point.timeUnixNano !== 0n,
  }
}

/** The members of a row that say a number, with commas before them. */
function readNumber(value: NumberDataPoint['value']): string {
  if (value.case === 'asInt') return writeExact(value.value)
  if (value.case !== 'asDouble') throw noValue()
  if (Number.isFinite(value.value)) return writeDouble(value.value)
  throw new AppError('number_out_of_range', `The value is ${value.value}`, {
    field: 'value',
    expected: 'a finite number',
  })
}
