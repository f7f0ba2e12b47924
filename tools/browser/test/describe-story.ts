import { describe, it } from '@jest/globals'
import type { TestSession } from './use-browser.ts'
import { seeOperations } from './story/api.ts'
import { seeAudit } from './story/audit.ts'
import { manageKeys } from './story/keys.ts'
import { findClient, importClients, keepSuppressionList } from './story/clients.ts'
import { deleteDeadLetters, replayAll, replayDeadLetter } from './story/dead-letters.ts'
import { findLog, followTail, queryLogs, readAround } from './story/logs.ts'
import { makeMailing, pauseAndResume, seeAttempts, seeMailings } from './story/mailings.ts'
import { findCause } from './story/on-call.ts'
import { openChart } from './story/metrics.ts'
import { PEOPLE } from './story/people.ts'
import { seeProducts } from './story/products.ts'
import { seeReports } from './story/reports.ts'
import { seeMissingPage, seeSystem, seeWaitingLetters } from './story/system.ts'
import { openTrace, seeServices } from './story/traces.ts'

/** The panel of a letter that was replayed meanwhile says that there is none any more. */
export const LETTER_GONE = /404 \(Not Found\) \(\S+\/api\/v1\/dead-letters\/\d+\)$/

/** What a newcomer does, in order. */
export function describeStory(session: () => TestSession): void {
  describe('a newcomer', () => {
    it('sees products, and a new price by itself', () => seeProducts(session()))
    it('finds a log by its words and opens it', () => findLog(session()))
    it('narrows a query by clicks, and walks through what it finds', () => queryLogs(session()))
    it('sees what happened around an entry, and keeps a search', () => readAround(session()))
    it('watches the tail move', () => followTail(session()))
    it('opens a chart', () => openChart(session()))
    it('finds a trace by its service, opens a span and the logs in it', () => openTrace(session()))
    it('sees services and the calls between them', () => seeServices(session()))
    it('imports clients, and sees the line that was refused', () => importClients(session()))
    it('finds clients, and opens one', () => findClient(session()))
    it('puts a phone on the suppression list, and takes it off', () => keepSuppressionList(session()))
    it('makes a mailing, and sees its recipients with their texts', () => makeMailing(session(), PEOPLE))
    it('pauses it, resumes it, and watches it finish', () => pauseAndResume(session(), PEOPLE))
    it('opens a message with its attempts', () => seeAttempts(session()))
    it('finds the mailing in the list', () => seeMailings(session()))
    it('sees in the navigation and on the system page that a dead letter waits', () =>
      seeWaitingLetters(session()))
    it('replays a dead letter that can be stored by now', () => replayDeadLetter(session()))
    it('replays all dead letters', () => replayAll(session()))
    it('deletes dead letters, one and all of a reason', () => deleteDeadLetters(session()))
    it('sees who is told of what, and the report of the day', () => seeReports(session()))
    it('finds who did what in the audit log', () => seeAudit(session()))
    it('makes, rotates and revokes an API key', () => manageKeys(session()))
    it('sees how everything is', () => seeSystem(session()))
    it('finds every operation of every app, with the scope that it needs', () => seeOperations(session()))
    it('finds a page in the same frame at an address that there is none at', () => seeMissingPage(session()))
  })
  describe('on call, with a keyboard alone', () => {
    it('finds what happened before the first error, and links it to a colleague', () => findCause(session()))
  })
}
