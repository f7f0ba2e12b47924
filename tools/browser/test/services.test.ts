import { describe } from '@jest/globals'
import { describeInjection } from './describe-injection.ts'
import { describeKeyboard } from './describe-keyboard.ts'
import { describeStory } from './describe-story.ts'
import { useScene } from './scene.ts'
import { startOnServices } from './world.ts'

describe('on services', () => {
  const scene = useScene(() => startOnServices())
  describeStory(scene)
  describeKeyboard(scene)
  describeInjection(scene)
})
