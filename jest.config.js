/** ESM throughout: no module mocking, what has to be replaced is injected. The apps run from dist in the tests that start them. */
export default {
  testMatch: ['<rootDir>/{apps,libs,test,bench,proof}/**/*.{spec,test}.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.gerbang/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.gerbang/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^#(contracts|evidence|paper|report|service)$': '<rootDir>/libs/$1/src/index.ts',
    '^#(contracts|service)/(.*)$': '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  testTimeout: 120_000,
  maxWorkers: 2,
  // modules of a test file stay in memory when it is done; a worker near its heap's limit stands still for half a minute at a time
  workerIdleMemoryLimit: '1GB',
};
