import { describe, it } from '@jest/globals'
import type { Scene } from './use-browser.ts'
import { findClient, importClients } from './story/clients.ts'
import { replayAll, replayDeadLetter } from './story/dead-letters.ts'
import { findLog, followTail } from './story/logs.ts'
import { makeMailing, pauseAndResume, seeAttempts, seeMailings } from './story/mailings.ts'
import { openChart } from './story/metrics.ts'
import { PEOPLE } from './story/people.ts'
import { seeProducts } from './story/products.ts'
import { seeSystem } from './story/system.ts'

/** What a newcomer does, in order. */
export function describeStory(scene: () => Scene): void {
  describe('a newcomer', () => {
    it('sees products, and a new price by itself', () => seeProducts(scene()))
    it('finds a log by its words and opens it', () => findLog(scene()))
    it('watches the tail move', () => followTail(scene()))
    it('opens a chart', () => openChart(scene()))
    it('imports clients, and is told of the line that was refused', () => importClients(scene()))
    it('finds clients, and opens one', () => findClient(scene()))
    it('makes a mailing, and sees whom it reaches with what', () => makeMailing(scene(), PEOPLE))
    it('pauses it, resumes it, and watches it finish', () => pauseAndResume(scene(), PEOPLE))
    it('opens a message with its attempts', () => seeAttempts(scene()))
    it('finds the mailing in the list', () => seeMailings(scene()))
    it('replays a dead letter that can be stored by now', () => replayDeadLetter(scene()))
    it('replays all dead letters', () => replayAll(scene()))
    it('sees how everything is', () => seeSystem(scene()))
  })
}
