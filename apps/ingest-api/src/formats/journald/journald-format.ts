import { Type } from 'typebox'
import { eventTooLarge } from '../../event-too-large.ts'
import type { WireAnswer, WireFailure, WireFormat, WireOutcome } from '../../wire-format.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { mapRecords, type MappedEvent } from '../shared/map-records.ts'
import { answerText } from '../shared/answer-text.ts'
import { statusOfFailure } from '../shared/status-of-failure.ts'
import { mapEntry } from './map-entry.ts'
import { readEntries, type JournalEntry } from './read-entries.ts'

/** What systemd-journal-upload sends: entries of the journal in its export format. */
export const journald: WireFormat<undefined> = {
  name: 'journald',
  mediaTypes: ['application/vnd.fdo.journal'],
  takesLargeBodies: true,
  // It would begin again with the same entries.
  answersEmpty: true,
  routes: [
    {
      url: '/upload',
      access: 'logs:write',
      schema: describeProtocol({
        tag: 'journald',
        summary: 'Entries of a journal, as systemd-journal-upload sends them',
        consumes: ['application/vnd.fdo.journal'],
        response: { 202: Type.String() },
        errors: Type.String(),
        failures: [400, 401, 403, 413, 415, 503],
      }),
      decode: (bytes, _, limits) =>
        mapRecords(readEntries(bytes), {
          map: (entry) => [mapSized(entry, limits.eventLimitBytes)],
          kind: 'logs',
          limits,
          context: undefined,
        }),
    },
  ],
  answer: answerEntries,
  answerError,
}

/** Dumps of memory are fields too: those are not even looked at. @throws AppError body_too_large */
function mapSized(entry: JournalEntry, limitBytes: number): MappedEvent {
  const bytes = entry.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (bytes > limitBytes) throw eventTooLarge(limitBytes)
  return mapEntry(entry)
}

function answerEntries({ accepted, rejected }: WireOutcome): WireAnswer {
  const [first] = rejected
  if (first === undefined) return answerText(202, 'OK.')
  const refused = `${rejected.length} entries were refused, first entry ${first.index}: ${first.message}`
  return answerText(202, `OK. ${accepted} entries are kept; ${refused}`)
}

/** The client ends at any status but those of success, and is started again: busy is 503 as in every protocol that knows no 429. */
function answerError(failure: WireFailure): WireAnswer {
  return answerText(statusOfFailure(failure), failure.error.message)
}
