import { describe } from '@jest/globals'
import { describeStory } from './describe-story.ts'
import { useScene } from './use-browser.ts'
import { startStandalone } from './test-environment.ts'

describe('in one process', () => describeStory(useScene(startStandalone)))
