import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** The hall must stay light: antd and the desk's pages are not for it (docs: stack, ≤ 150 KiB). */
const onlyDesk = { group: ['antd', 'antd/*', '@ant-design/*'], message: 'antd is for the desk only; the hall is hand-written.' }

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/gql/'] },
  ...tseslint.configs.recommended,
  { files: ['src/**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  {
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'max-lines': ['error', 400],
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/desk/**', 'src/features/task/**', 'src/features/handling/**', 'src/features/oversight/**', 'src/features/session/desk-sign-in.tsx'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyDesk] }] },
  },
  {
    files: ['src/components/**', 'src/widgets/**', 'src/form/**', 'src/graphql/**', 'src/route/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [onlyDesk, { group: ['@/features/*', '@/hall/*', '@/desk/*'], message: 'Components know nothing of the domain.' }] }] },
  },
)
