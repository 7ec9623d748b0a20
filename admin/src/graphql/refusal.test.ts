import { CombinedError } from '@urql/core'
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { toRefusal } from './refusal'

const coded = (message: string, extensions: Record<string, unknown>) => new GraphQLError(message, { extensions })

test('a coded error keeps its code, words and problems', () => {
  const refusal = toRefusal(new CombinedError({ graphQLErrors: [coded('输入有误', { code: 'VALIDATION', reference: 'r1', problems: [{ path: '$.a', code: 'required', message: '请填写' }] })] }))
  expect(refusal).toMatchObject({ code: 'VALIDATION', message: '输入有误', reference: 'r1', problems: [{ path: '$.a' }] })
})

test('a conflict keeps its reason', () => {
  expect(toRefusal(new CombinedError({ graphQLErrors: [coded('已变化', { code: 'CONFLICT', reason: 'stale_version', retryable: true })] }))).toMatchObject({ code: 'CONFLICT', reason: 'stale_version', retryable: true })
})

test('no answer is a network failure that may be tried again', () => {
  expect(toRefusal(new CombinedError({ networkError: new Error('down') }))).toMatchObject({ code: 'NETWORK', retryable: true })
})
