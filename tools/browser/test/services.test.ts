import { describe } from '@jest/globals'
import { describeInjection } from './describe-injection.ts'
import { describeKeyboard } from './describe-keyboard.ts'
import { describeStory } from './describe-story.ts'
import { useScene } from './use-browser.ts'
import { startOnServices } from './test-environment.ts'

describe('on services', () => {
  const scene = useScene(() => startOnServices())
  describeStory(scene)
  describeKeyboard(scene)
  describeInjection(scene)
})
