import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';

const apps = [
  'gateway',
  'nik-verification',
  'data-balikan',
  'reporting',
  'launcher',
  'dukcapil-sandbox',
  'verifier',
  'reader-agent',
];

/** The dependency arrow: apps -> libs/service -> libs/contracts; libs/evidence stands alone, so that it can be read alone. */
const zones = [
  ...apps.map((app) => ({
    target: `./apps/${app}`,
    from: apps.filter((other) => other !== app).map((other) => `./apps/${other}`),
    message: 'Apps never import apps: talk over the bus, or move what both need to a lib.',
  })),
  { target: './libs', from: './apps', message: 'Libraries never import apps.' },
  {
    target: './libs/contracts',
    from: ['./libs/service', './libs/evidence', './node_modules/@nestjs', './node_modules/pg'],
    message: 'libs/contracts is pure: zod and nothing else.',
  },
  {
    target: './libs/paper',
    from: ['./libs/service', './libs/contracts', './libs/evidence'],
    message: 'libs/paper draws: it knows no contract and no service.',
  },
  {
    target: './libs/evidence',
    from: ['./libs/service', './libs/contracts', './libs/report'],
    message: 'libs/evidence is what a verifier runs: pure arithmetic, in a browser as well.',
  },
  {
    target: './libs/report',
    from: ['./libs/service', './libs/paper', './node_modules/@nestjs', './node_modules/pg'],
    message: 'libs/report counts reports anew, in a browser as well: libs/evidence, and types of libs/contracts.',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.gerbang/', '.gerbang-proof/', 'coverage/'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-extraneous-dependencies': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // a handler that has nothing to wait for is still a handler
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowNullish: true }],
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['libs/contracts/**/*.ts', 'libs/evidence/**/*.ts', 'libs/report/**/*.ts'],
    ignores: ['libs/evidence/**/*.spec.ts', 'libs/report/**/*.spec.ts', 'libs/report/test/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['node:*', '@nestjs/*', 'pg', 'typeorm'], message: 'Pure: no Node, no Nest.' }],
        },
      ],
    },
  },
  {
    files: ['libs/report/src/**/*.ts'],
    ignores: ['libs/report/**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['#contracts', '#contracts/*'],
              allowTypeImports: true,
              message: 'Types only: zod stays out of the verifier.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/reader-agent/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['#contracts', '#service'].map((name) => ({
            name,
            message: 'Whole libraries cost memory (decision 21).',
          })),
          patterns: [{ group: ['@nestjs/*', 'pg', 'typeorm'], message: 'The agent is small: no Nest (decision 21).' }],
        },
      ],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
