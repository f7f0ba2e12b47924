import { describe } from '@jest/globals'
import { describeStory, LETTER_GONE } from './describe-story.ts'
import { useBrowser } from './use-browser.ts'
import { startStandalone } from './test-environment.ts'

describe('in one process', () => describeStory(useBrowser(startStandalone, LETTER_GONE)))
