import { FieldReader } from '@runnel/wire/field-reader'
import { timeOfHalves } from '../shared/time-of-nanos.ts'
import { EMPTY } from '../shared/empty-text.ts'
import { writeLogText } from './log-text.ts'
import type { Origin } from './origin.ts'
import { PlainMembers, readPlainBody, readPlainText } from './plain-members.ts'
import type { RecordEvents } from './signal.ts'
import { joinAttributes } from './write-attributes.ts'

/** Tags of the fields of LogRecord. */
const TIME = 0x09
const OBSERVED_TIME = 0x59
const SEVERITY_NUMBER = 0x10
const SEVERITY_TEXT = 0x1a
const BODY = 0x2a
const ATTRIBUTES = 0x32
const FLAGS = 0x45
const TRACE_ID = 0x4a
const SPAN_ID = 0x52

const MAX_SEVERITY = 24

/**
 * A log record as most are: a text, attributes that are scalars, ids. Its text is written without making a message of it, which takes half
 * the time.
 *
 * @returns undefined of any other record, also of one that is malformed: it has to be read as a message
 */
export function readPlainLog(bytes: Uint8Array, origin: Origin): RecordEvents | undefined {
  try {
    return readFields(new FieldReader(bytes), origin)
  } catch {
    return undefined
  }
}

function readFields(reader: FieldReader, origin: Origin): RecordEvents | undefined {
  const members = new PlainMembers(origin.written.names)
  let [timeLow, timeHigh, observedLow, observedHigh, severityNumber, flags] = [0, 0, 0, 0, 0, 0]
  let severityText: string | undefined = EMPTY
  let [content, traceId, spanId] = ['', '', '']
  while (reader.pos < reader.len) {
    switch (reader.nextTag()) {
      case TIME:
        timeLow = reader.fixed32()
        timeHigh = reader.fixed32()
        break
      case OBSERVED_TIME:
        observedLow = reader.fixed32()
        observedHigh = reader.fixed32()
        break
      case SEVERITY_NUMBER:
        severityNumber = reader.shortInteger()
        if (severityNumber < 0 || severityNumber > MAX_SEVERITY) return undefined
        break
      case SEVERITY_TEXT:
        severityText = readPlainText(reader)
        if (severityText === undefined) return undefined
        break
      case BODY: {
        const body = readPlainBody(reader)
        // A second body would be merged with the first one.
        if (body === undefined || content !== '') return undefined
        content = `"message":${body},`
        break
      }
      case ATTRIBUTES:
        if (!members.add(reader)) return undefined
        break
      case FLAGS:
        flags = reader.fixed32()
        break
      case TRACE_ID:
        traceId = reader.hexText()
        break
      case SPAN_ID:
        spanId = reader.hexText()
        break
      default:
        return undefined
    }
  }
  const observed = timeOfHalves(observedLow, observedHigh)
  const time = timeOfHalves(timeLow, timeHigh)
  const event = writeLogText(
    {
      timestamp: time ?? observed,
      observedTimestamp: time === undefined || observed === time ? undefined : observed,
      severityNumber,
      severityText,
      content,
      attributes: joinAttributes(origin, members.text),
      traceId: traceId || undefined,
      spanId: spanId || undefined,
      flags,
      droppedAttributesCount: 0,
      isPlain: true,
    },
    origin,
  )
  return { events: [event], hasTime: (time ?? observed) !== undefined }
}
