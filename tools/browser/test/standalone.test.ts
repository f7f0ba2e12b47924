import { describe } from '@jest/globals'
import { describeStory } from './describe-story.ts'
import { useScene } from './scene.ts'
import { startStandalone } from './world.ts'

describe('in one process', () => describeStory(useScene(startStandalone)))
