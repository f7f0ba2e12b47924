const reporter = (name) => new URL(`tools/workspace/bin/${name}.js`, import.meta.url).pathname

// One Jest setting for every project: TypeScript through swc, as native ES modules.
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Above WAIT_LIMIT_MS of libs/testing, whose failures say what did not come.
  testTimeout: 120_000,
  // npm test sums up over all projects, and waits for none that does not end.
  reporters: ['default', reporter('jest-results'), reporter('jest-end')],
}
