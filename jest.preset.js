const reporter = (name) => new URL(`tools/workspace/bin/${name}.js`, import.meta.url).pathname

// One Jest setting for every project: the files run as they are, by Node.
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  transform: {},
  testRunner: new URL('tools/workspace/src/jest/run-test-file.ts', import.meta.url).pathname,
  // Above WAIT_LIMIT_MS of libs/testing, whose failures say what did not come.
  testTimeout: 120_000,
  // npm test sums up over all projects, and waits for none that does not end.
  reporters: ['default', reporter('jest-results'), reporter('jest-end')],
}
