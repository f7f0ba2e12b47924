import { describe } from '@jest/globals'
import { describeClients } from './describe-clients.ts'
import { describeDeadLetters } from './describe-dead-letters.ts'
import { describeImports } from './describe-imports.ts'
import { describeInjection } from './describe-injection.ts'
import { describeKeyboard } from './describe-keyboard.ts'
import { describeLogSummaries } from './describe-log-summaries.ts'
import { describeLogTools } from './describe-log-tools.ts'
import { describeShell } from './describe-shell.ts'
import { describeSystem } from './describe-system.ts'
import { describeSending } from './describe-sending.ts'
import { describeMetrics, EDIT_REFUSED } from './describe-metrics.ts'
import { describeStory, LETTER_GONE } from './describe-story.ts'
import { useBrowser } from './use-browser.ts'
import { startOnServices } from './test-environment.ts'

const EXPECTED = new RegExp([LETTER_GONE, EDIT_REFUSED].map(({ source }) => source).join('|'))

describe('on services', () => {
  const session = useBrowser(() => startOnServices(), EXPECTED)
  describeStory(session)
  describeMetrics(session)
  describeKeyboard(session)
  describeInjection(session)
  describeSending(session)
  describeLogTools(session)
  describeLogSummaries(session)
  describeImports(session)
  describeDeadLetters(session)
  describeClients(session)
  describeShell(session)
  describeSystem(session)
})
