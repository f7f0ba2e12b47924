import preset from '../../jest.preset.js'

export default {
  ...preset,
  displayName: 'browser',
  // One browser at a time, and one platform: each takes all there is of a small machine.
  maxWorkers: 1,
}
