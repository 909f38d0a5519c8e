// Made from the OpenAPI document by scripts/generate-client.ts: do not change it by hand.

export interface paths {
  '/.well-known/security.txt': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getSecurityTxt'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/board': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getBoard'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/board/board.css': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getBoardStyle'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/board/board.js': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getBoardScript'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/assistants/{id}/reflect': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** @deprecated */
    post: operations['createReflectionBefore'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/assistants/{id}/spawn': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** @deprecated */
    post: operations['spawnChildBefore'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** @deprecated */
    post: operations['logInBefore'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/register': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** @deprecated */
    post: operations['registerBefore'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listDeadLetters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/dead-letters/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDeadLetter'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/dead-letters/discard': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['discardDeadLetters'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/dead-letters/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['replayDeadLetters'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/embedding-models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listEmbeddingModels'];
    put?: never;
    post: operations['registerEmbeddingModel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/embedding-models/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getEmbeddingModel'];
    put?: never;
    post?: never;
    delete: operations['dropEmbeddingModel'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/embedding-models/{id}/activate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['activateEmbeddingModel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/embedding-models/{id}/build': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['buildEmbeddingModel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/embedding-models/{id}/refused': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listRefusedTexts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/embedding-models/rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['rollbackEmbeddingModel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/queues': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listQueues'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listAssistants'];
    put?: never;
    post: operations['createAssistant'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getAssistant'];
    put?: never;
    post?: never;
    delete: operations['deleteAssistant'];
    options?: never;
    head?: never;
    patch: operations['updateAssistant'];
    trace?: never;
  };
  '/api/v1/assistants/{id}/capabilities': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getCapabilities'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: operations['updateCapabilities'];
    trace?: never;
  };
  '/api/v1/assistants/{id}/children': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listChildren'];
    put?: never;
    post: operations['spawnChild'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/delegations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listDelegations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/documents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listAssistantDocuments'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/lineage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getLineage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/memories': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listAssistantMemories'];
    put?: never;
    post: operations['writeMemory'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getAssistantMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/profile': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getProfile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: operations['updateProfile'];
    trace?: never;
  };
  '/api/v1/assistants/{id}/reflections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listReflections'];
    put?: never;
    post: operations['createReflection'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/{id}/system-prompt': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getSystemPrompt'];
    put: operations['setSystemPrompt'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/assistants/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['batchAssistants'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/api-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listApiKeys'];
    put?: never;
    post: operations['createApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/api-keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: operations['revokeApiKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listOwnAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/csrf': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getCsrfToken'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['exportAccount'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/exports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listExports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/exports/{id}/content': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['downloadExport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['logIn'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['logOut'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getMe'];
    put?: never;
    post?: never;
    delete: operations['deleteAccount'];
    options?: never;
    head?: never;
    patch: operations['updateMe'];
    trace?: never;
  };
  '/api/v1/auth/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['changePassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/password-reset': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['requestPasswordReset'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/password-reset/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['confirmPasswordReset'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/reauthenticate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['reauthenticate'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['refreshSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/register': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['register'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['restoreAccount'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listSessions'];
    put?: never;
    post?: never;
    delete: operations['endAllSessions'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: operations['endSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getUsage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['runOperations'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listConversations'];
    put?: never;
    post: operations['createConversation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversations/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getConversation'];
    put?: never;
    post?: never;
    delete: operations['deleteConversation'];
    options?: never;
    head?: never;
    patch: operations['updateConversation'];
    trace?: never;
  };
  '/api/v1/conversations/{id}/archive': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['archiveConversation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversations/{id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listMessages'];
    put?: never;
    post: operations['postMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversations/{id}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['restoreConversation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/conversations/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['batchConversations'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listDocuments'];
    put?: never;
    post: operations['uploadDocument'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDocument'];
    put?: never;
    post?: never;
    delete: operations['deleteDocument'];
    options?: never;
    head?: never;
    patch: operations['updateDocument'];
    trace?: never;
  };
  '/api/v1/documents/{id}/chunks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listChunks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/{id}/content': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['downloadDocument'];
    put: operations['replaceDocument'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/{id}/embeddings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['embedDocument'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/{id}/progress': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDocumentProgress'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['retryDocument'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/{id}/text': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDocumentText'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/documents/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['batchDocuments'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/graphql': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['readGraphql'];
    put?: never;
    post: operations['runGraphql'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/integrations/credentials': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listCredentials'];
    put?: never;
    post: operations['createCredential'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/integrations/credentials/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getCredential'];
    put?: never;
    post?: never;
    delete: operations['deleteCredential'];
    options?: never;
    head?: never;
    patch: operations['updateCredential'];
    trace?: never;
  };
  '/api/v1/integrations/credentials/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['rotateCredential'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listJobs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getJob'];
    put?: never;
    post?: never;
    delete: operations['cancelJob'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs/{id}/attempts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listAttempts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/jobs/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['followJob'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listMemories'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getMemory'];
    put?: never;
    post?: never;
    delete: operations['deleteMemory'];
    options?: never;
    head?: never;
    patch: operations['updateMemory'];
    trace?: never;
  };
  '/api/v1/memories/{id}/bookmark': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['bookmarkMemory'];
    post?: never;
    delete: operations['unbookmarkMemory'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories/{id}/embeddings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['embedMemory'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories/{id}/feedback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['rateMemory'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['batchMemories'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories/batch-delete': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['deleteMemories'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memories/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['searchMemories'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memory-chains': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listChains'];
    put?: never;
    post: operations['createChain'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memory-chains/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getChain'];
    put?: never;
    post?: never;
    delete: operations['deleteChain'];
    options?: never;
    head?: never;
    patch: operations['updateChain'];
    trace?: never;
  };
  '/api/v1/memory-chains/{id}/entries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listChainEntries'];
    put?: never;
    post: operations['addChainEntries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memory-chains/{id}/entries/{memory_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: operations['removeChainEntry'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memory-chains/{id}/order': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['reorderChain'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memory-chains/{id}/summary': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['summariseChain'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/memory-chains/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['batchMemoryChains'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/messages/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getMessage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/messages/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['cancelMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/messages/{id}/feedback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['giveFeedback'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/prompts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listPrompts'];
    put?: never;
    post: operations['createPrompt'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/prompts/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getPrompt'];
    put?: never;
    post?: never;
    delete: operations['deletePrompt'];
    options?: never;
    head?: never;
    patch: operations['updatePrompt'];
    trace?: never;
  };
  '/api/v1/prompts/{id}/lineage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getPromptLineage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/prompts/{id}/remix': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['remixPrompt'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/prompts/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['batchPrompts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/reflections/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getReflection'];
    put?: never;
    post?: never;
    delete: operations['deleteReflection'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['search'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['listWebhookSecrets'];
    put?: never;
    post: operations['replaceWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDocs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/errors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getErrorDocs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/plain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getPlainDocs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/scripts/{version}/{file}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDocsScript'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/style.css': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getDocsStyle'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/styles/{version}/{file}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getViewerStyle'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['getOpenApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Problem: {
      /** @enum {string} */
      code:
        | 'request.invalid'
        | 'request.malformed'
        | 'request.too_large'
        | 'request.timeout'
        | 'request.headers_too_large'
        | 'request.media_type'
        | 'request.not_acceptable'
        | 'request.rate_limited'
        | 'request.busy'
        | 'route.not_found'
        | 'route.method_not_allowed'
        | 'page.cursor_invalid'
        | 'precondition.failed'
        | 'precondition.required'
        | 'idempotency.key_reused'
        | 'idempotency.in_progress'
        | 'idempotency.answer_lost'
        | 'graphql.syntax'
        | 'graphql.invalid'
        | 'graphql.too_complex'
        | 'graphql.not_persisted'
        | 'graphql.post_required'
        | 'graphql.timeout'
        | 'batch.unsupported'
        | 'batch.sensitive'
        | 'batch.rolled_back'
        | 'batch.timed_out'
        | 'auth.required'
        | 'auth.invalid_credentials'
        | 'auth.session_expired'
        | 'auth.csrf_invalid'
        | 'auth.origin_forbidden'
        | 'auth.session_required'
        | 'auth.ambiguous'
        | 'auth.key_invalid'
        | 'auth.key_expired'
        | 'auth.scope_missing'
        | 'auth.scope_exceeded'
        | 'auth.reauthentication_required'
        | 'auth.signature_required'
        | 'auth.signature_invalid'
        | 'auth.signature_expired'
        | 'auth.signature_replayed'
        | 'auth.password_weak'
        | 'auth.sign_up_closed'
        | 'auth.invitation_invalid'
        | 'auth.reset_invalid'
        | 'session.not_found'
        | 'auth.forbidden'
        | 'api_key.not_found'
        | 'api_key.too_many'
        | 'user.not_found'
        | 'user.deletion_pending'
        | 'export.not_found'
        | 'export.not_ready'
        | 'user.username_taken'
        | 'user.email_taken'
        | 'assistant.not_found'
        | 'assistant.slug_taken'
        | 'assistant.in_use'
        | 'assistant.cycle'
        | 'assistant.too_deep'
        | 'assistant.too_many_children'
        | 'prompt.not_found'
        | 'prompt.slug_taken'
        | 'prompt.in_use'
        | 'prompt.not_system'
        | 'memory.not_found'
        | 'memory.duplicate'
        | 'memory_chain.not_found'
        | 'memory_chain.automatic'
        | 'memory_chain.order_mismatch'
        | 'memory_chain.other_assistant'
        | 'memory_chain.empty'
        | 'document.not_found'
        | 'document.file_missing'
        | 'document.too_large'
        | 'document.empty'
        | 'document.type_unsupported'
        | 'document.type_mismatch'
        | 'document.encoding_invalid'
        | 'document.truncated'
        | 'document.damaged'
        | 'document.encrypted'
        | 'document.no_text'
        | 'document.too_many_pages'
        | 'document.too_much_text'
        | 'document.extraction_timeout'
        | 'document.extraction_memory'
        | 'document.extraction_crashed'
        | 'document.cancelled'
        | 'document.not_ready'
        | 'document.not_retryable'
        | 'document.pages_failed'
        | 'document.chunks_failed'
        | 'document.chunks_refused'
        | 'document.not_findable'
        | 'document.bytes_taken'
        | 'quota.exceeded'
        | 'quota.daily_exceeded'
        | 'job.not_found'
        | 'job.finished'
        | 'job.timeout'
        | 'job.worker_lost'
        | 'job.payload_invalid'
        | 'job.payload_unknown'
        | 'job.not_replayable'
        | 'job.priority_limit'
        | 'webhook.secret_missing'
        | 'webhook.url_forbidden'
        | 'webhook.unreachable'
        | 'webhook.throttled'
        | 'webhook.refused'
        | 'webhook.gone'
        | 'mail.unavailable'
        | 'embedding.unavailable'
        | 'embedding.throttled'
        | 'embedding.rejected'
        | 'embedding.dimension_mismatch'
        | 'embedding.model_unavailable'
        | 'embedding_model.not_found'
        | 'embedding_model.incomplete'
        | 'embedding_model.in_use'
        | 'embedding_model.dropping'
        | 'embedding_model.no_previous'
        | 'conversation.not_found'
        | 'conversation.archived'
        | 'conversation.busy'
        | 'conversation.full'
        | 'message.not_found'
        | 'message.not_pending'
        | 'message.not_a_reply'
        | 'message.interrupted'
        | 'completion.unavailable'
        | 'completion.throttled'
        | 'completion.rejected'
        | 'completion.context_exceeded'
        | 'assistant.inactive'
        | 'reflection.not_found'
        | 'reflection.pending'
        | 'reflection.idle'
        | 'reflection.no_material'
        | 'credential.not_found'
        | 'credential.label_taken'
        | 'credential.limit_reached'
        | 'credential.base_url_forbidden'
        | 'credential.rejected'
        | 'credential.key_missing'
        | 'credential.key_in_use'
        | 'credential.unreadable'
        | 'service.unavailable'
        | 'internal.error';
      correlation_id: string;
      detail: string;
      errors: {
        code: string;
        message: string;
        pointer: string;
      }[];
      instance: string;
      status: number;
      title: string;
      /** Format: uri */
      type: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getSecurityTxt: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/plain': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getBoard: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getBoardStyle: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/css': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getBoardScript: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/javascript': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createReflectionBefore: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          category?: string;
          /** Format: uuid */
          chain_id?: string;
          content?: string;
          /** Format: uuid */
          document_id?: string;
          /** @default false */
          force?: boolean;
          memory_ids?: string[];
          rating?: number;
          /** @enum {string} */
          type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
        };
      };
    };
    responses: {
      201: {
        headers: {
          Deprecation?: string;
          Link?: string;
          Location?: string;
          Sunset?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              job: null;
              reflection: {
                /** Format: uuid */
                assistant_id: string;
                category: string | null;
                /** Format: uuid */
                chain_id: string | null;
                chunk_ids: string[];
                /** Format: date-time */
                completed_at: string | null;
                completion_tokens: number | null;
                content: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                /** Format: uuid */
                id: string;
                insights: string[];
                /** Format: uuid */
                job_id: string | null;
                memory_ids: string[];
                message_ids: string[];
                model: string | null;
                prompt_tokens: number | null;
                provider: string | null;
                rating: number | null;
                reflection_ids: string[];
                /** @enum {string} */
                status: 'pending' | 'completed' | 'failed' | 'cancelled';
                summary: string | null;
                /** @enum {string} */
                type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
              };
            };
          };
        };
      };
      202: {
        headers: {
          Deprecation?: string;
          Link?: string;
          Location?: string;
          Sunset?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              };
              reflection: {
                /** Format: uuid */
                assistant_id: string;
                category: string | null;
                /** Format: uuid */
                chain_id: string | null;
                chunk_ids: string[];
                /** Format: date-time */
                completed_at: string | null;
                completion_tokens: number | null;
                content: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                /** Format: uuid */
                id: string;
                insights: string[];
                /** Format: uuid */
                job_id: string | null;
                memory_ids: string[];
                message_ids: string[];
                model: string | null;
                prompt_tokens: number | null;
                provider: string | null;
                rating: number | null;
                reflection_ids: string[];
                /** @enum {string} */
                status: 'pending' | 'completed' | 'failed' | 'cancelled';
                summary: string | null;
                /** @enum {string} */
                type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  spawnChildBefore: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          capabilities?: {
            flags?: {
              [key: string]: boolean;
            };
            skills?: {
              /** @default 0.5 */
              confidence?: number;
              /** @default null */
              description?: string | null;
              name: string;
              /** @default [] */
              related_tools?: string[];
              /** @default [] */
              tags?: string[];
            }[];
            specialties?: string[];
            tools?: string[];
          };
          /** Format: uuid */
          document_id?: string;
          inherit?:
            | ('profile' | 'capabilities' | 'model' | 'prompt')[]
            | {
                capabilities?: boolean;
                model?: boolean;
                profile?: boolean;
                prompt?: boolean;
              };
          is_active?: boolean;
          is_primary?: boolean;
          /** Format: uuid */
          memory_id?: string;
          /** @enum {string} */
          memory_mode?: 'none' | 'session' | 'long_term';
          min_score?: number | null;
          name?: string;
          notes?: string;
          preferred_model?: string | null;
          profile?: {
            avatar_style?: string | null;
            /** Format: uri */
            avatar_url?: string | null;
            description?: string | null;
            motto?: string | null;
            persona?: string | null;
            personality?: string | null;
            tone?: string | null;
            traits?: string[];
            values?: string[];
          };
          reason: string;
          score?: number;
          slug?: string;
          system_prompt_id?: string | null;
          /** @enum {string} */
          thinking_style?: 'cot' | 'direct' | 'reflective';
        };
      };
    };
    responses: {
      201: {
        headers: {
          Deprecation?: string;
          ETag?: string;
          Link?: string;
          Location?: string;
          Sunset?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              depth: number;
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              min_score: number | null;
              name: string;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              slug: string;
              spawn_reason: string | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
            meta: {
              delegation: {
                /** Format: uuid */
                child_id: string;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                memory_id: string | null;
                notes: string | null;
                /** Format: uuid */
                parent_id: string;
                reason: string;
                score: number | null;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  logInBefore: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          username: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          Deprecation?: string;
          Link?: string;
          'Set-Cookie'?: string;
          Sunset?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
              user: {
                /** Format: date-time */
                created_at: string;
                email: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                role: 'user' | 'admin';
                username: string;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  registerBefore: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Format: email */
          email: string;
          invitation_code?: string;
          password: string;
          username: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          Deprecation?: string;
          Link?: string;
          'Set-Cookie'?: string;
          Sunset?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
              user: {
                /** Format: date-time */
                created_at: string;
                email: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                role: 'user' | 'admin';
                username: string;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        action?: string;
        actor_id?: string;
        cursor?: string;
        from?: string;
        limit?: number;
        to?: string;
        user_id?: string;
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              action: string;
              /** Format: uuid */
              actor_id: string | null;
              address: string | null;
              /** Format: uuid */
              api_key_id: string | null;
              correlation_id: string | null;
              /** Format: date-time */
              created_at: string;
              details: Record<string, never>;
              /** Format: uuid */
              id: string;
              target_id: string | null;
              target_type: string | null;
              user_agent: string | null;
              /** Format: uuid */
              user_id: string | null;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeadLetters: {
    parameters: {
      query?: {
        code?: string;
        cursor?: string;
        limit?: number;
        type?:
          | 'document.ingest'
          | 'document.chunk'
          | 'document.embed'
          | 'document.verify'
          | 'document.reindex'
          | 'embedding.build'
          | 'embedding.drop'
          | 'reflection.write'
          | 'assistant.measure'
          | 'memory.embed'
          | 'chain.rebuild'
          | 'chain.summarise'
          | 'account.export'
          | 'account.purge'
          | 'conversation.archive'
          | 'webhook.deliver';
        user_id?: string;
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: number;
              code: string | null;
              correlation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              died_at: string | null;
              /** Format: uuid */
              document_id: string | null;
              failures: number;
              /** Format: uuid */
              id: string;
              lost_workers: number;
              message: string | null;
              /** Format: uuid */
              parent_id: string | null;
              payload: Record<string, never>;
              /** @enum {string} */
              priority: 'high' | 'medium' | 'low';
              queue: string;
              stage: string | null;
              type: string;
              /** Format: uuid */
              user_id: string;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDeadLetter: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: number;
              code: string | null;
              correlation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              died_at: string | null;
              /** Format: uuid */
              document_id: string | null;
              failures: number;
              history: {
                attempt: number;
                /** Format: date-time */
                ended_at: string | null;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: uuid */
                job_id: string;
                /** @enum {string} */
                outcome:
                  'running' | 'succeeded' | 'retry' | 'failed' | 'dead' | 'cancelled' | 'released' | 'lost';
                stage: string | null;
                /** Format: date-time */
                started_at: string;
                type: string;
                worker: string | null;
              }[];
              /** Format: uuid */
              id: string;
              lost_workers: number;
              message: string | null;
              /** Format: uuid */
              parent_id: string | null;
              payload: Record<string, never>;
              /** @enum {string} */
              priority: 'high' | 'medium' | 'low';
              queue: string;
              stage: string | null;
              type: string;
              /** Format: uuid */
              user_id: string;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  discardDeadLetters: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          ids: string[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              discarded: string[];
              skipped: {
                code: string;
                /** Format: uuid */
                id: string;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayDeadLetters: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          ids: string[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              replayed: string[];
              skipped: {
                code: string;
                /** Format: uuid */
                id: string;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEmbeddingModels: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  registerEmbeddingModel: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Format: uri */
          base_url?: string | null;
          dimensions: number;
          name: string;
          /** @enum {string} */
          provider: 'builtin' | 'openai';
        };
      };
    };
    responses: {
      201: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      502: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEmbeddingModel: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  dropEmbeddingModel: {
    parameters: {
      query?: never;
      header?: {
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  activateEmbeddingModel: {
    parameters: {
      query?: {
        accept_refused?: boolean;
      };
      header?: {
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  buildEmbeddingModel: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRefusedTexts: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: uuid */
              document_id: string | null;
              error: {
                code: string;
                message: string;
              } | null;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              kind: 'chunk' | 'memory';
              position: number | null;
              /** Format: date-time */
              refused_at: string;
              /** Format: uuid */
              user_id: string;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rollbackEmbeddingModel: {
    parameters: {
      query?: {
        accept_refused?: boolean;
      };
      header?: {
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              activated_at: string | null;
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              deactivated_at: string | null;
              dimensions: number;
              id: number;
              name: string;
              progress: {
                embedded: number;
                failed: number;
                percent: number;
                total: number;
              };
              provider: string;
              /** @enum {string} */
              state: 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listQueues: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              by_priority: {
                high: {
                  delayed: number;
                  oldest_seconds: number;
                  running: number;
                  waiting: number;
                };
                low: {
                  delayed: number;
                  oldest_seconds: number;
                  running: number;
                  waiting: number;
                };
                medium: {
                  delayed: number;
                  oldest_seconds: number;
                  running: number;
                  waiting: number;
                };
              };
              consumers: number;
              dead: number;
              delayed: number;
              /** @enum {string} */
              name: 'extraction' | 'embedding' | 'indexing' | 'maintenance' | 'webhook';
              oldest_seconds: number;
              paused: boolean | null;
              running: number;
              waiting: number;
            }[];
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAssistants: {
    parameters: {
      query?: {
        cursor?: string;
        include?: string;
        is_active?: boolean;
        is_primary?: boolean;
        limit?: number;
        memory_mode?: 'none' | 'session' | 'long_term';
        parent_id?: string;
        q?: string;
        sort?: 'created_at' | 'updated_at' | 'name' | '-created_at' | '-updated_at' | '-name';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              capabilities?: {
                flags: {
                  [key: string]: boolean;
                };
                skills: {
                  confidence: number;
                  description: string | null;
                  /** Format: uuid */
                  id: string;
                  name: string;
                  related_tools: string[];
                  tags: string[];
                }[];
                specialties: string[];
                tools: string[];
              };
              children?: {
                has_more: boolean;
                items: {
                  /** Format: date-time */
                  created_at: string;
                  depth: number;
                  /** Format: uuid */
                  id: string;
                  is_active: boolean;
                  name: string;
                  /** Format: uuid */
                  parent_id: string | null;
                  slug: string;
                  spawn_reason: string | null;
                }[];
              };
              /** Format: date-time */
              created_at: string;
              depth: number;
              documents?: {
                has_more: boolean;
                items: {
                  chunk_count: number;
                  /** Format: date-time */
                  created_at: string;
                  /** Format: uuid */
                  id: string;
                  /** @enum {string} */
                  status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                  title: string;
                }[];
              };
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              memories?: {
                has_more: boolean;
                items: {
                  /** Format: date-time */
                  created_at: string;
                  /** Format: uuid */
                  id: string;
                  importance: number;
                  title: string;
                  type: string;
                }[];
              };
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              metrics?: {
                avg_response_ms: number | null;
                child_count: number;
                /** Format: date-time */
                computed_at: string | null;
                document_count: number;
                growth_level: number;
                growth_points: number;
                /** Format: date-time */
                last_active_at: string | null;
                memory_count: number;
                message_count: number;
                reflection_count: number;
                success_rate: number | null;
                /** @enum {string} */
                trust_level: 'ready' | 'training' | 'needs_attention';
                trust_score: number;
              };
              min_score: number | null;
              name: string;
              parent?: {
                /** Format: date-time */
                created_at: string;
                depth: number;
                /** Format: uuid */
                id: string;
                is_active: boolean;
                name: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                spawn_reason: string | null;
              } | null;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              profile?: {
                avatar_style: string | null;
                /** Format: uri */
                avatar_url: string | null;
                description: string | null;
                motto: string | null;
                persona: string | null;
                personality: string | null;
                tone: string | null;
                traits: string[];
                values: string[];
              };
              slug: string;
              spawn_reason: string | null;
              system_prompt?: {
                content: string;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'system' | 'user' | 'assistant';
                /** Format: date-time */
                updated_at: string;
                version: number;
              } | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createAssistant: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          capabilities?: {
            flags?: {
              [key: string]: boolean;
            };
            skills?: {
              /** @default 0.5 */
              confidence?: number;
              /** @default null */
              description?: string | null;
              name: string;
              /** @default [] */
              related_tools?: string[];
              /** @default [] */
              tags?: string[];
            }[];
            specialties?: string[];
            tools?: string[];
          };
          is_active?: boolean;
          is_primary?: boolean;
          /** @enum {string} */
          memory_mode?: 'none' | 'session' | 'long_term';
          min_score?: number | null;
          name: string;
          parent_id?: string | null;
          preferred_model?: string | null;
          profile?: {
            avatar_style?: string | null;
            /** Format: uri */
            avatar_url?: string | null;
            description?: string | null;
            motto?: string | null;
            persona?: string | null;
            personality?: string | null;
            tone?: string | null;
            traits?: string[];
            values?: string[];
          };
          slug?: string;
          system_prompt_id?: string | null;
          /** @enum {string} */
          thinking_style?: 'cot' | 'direct' | 'reflective';
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              depth: number;
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              min_score: number | null;
              name: string;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              slug: string;
              spawn_reason: string | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAssistant: {
    parameters: {
      query?: {
        include?: string;
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              capabilities?: {
                flags: {
                  [key: string]: boolean;
                };
                skills: {
                  confidence: number;
                  description: string | null;
                  /** Format: uuid */
                  id: string;
                  name: string;
                  related_tools: string[];
                  tags: string[];
                }[];
                specialties: string[];
                tools: string[];
              };
              children?: {
                has_more: boolean;
                items: {
                  /** Format: date-time */
                  created_at: string;
                  depth: number;
                  /** Format: uuid */
                  id: string;
                  is_active: boolean;
                  name: string;
                  /** Format: uuid */
                  parent_id: string | null;
                  slug: string;
                  spawn_reason: string | null;
                }[];
              };
              /** Format: date-time */
              created_at: string;
              depth: number;
              documents?: {
                has_more: boolean;
                items: {
                  chunk_count: number;
                  /** Format: date-time */
                  created_at: string;
                  /** Format: uuid */
                  id: string;
                  /** @enum {string} */
                  status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                  title: string;
                }[];
              };
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              memories?: {
                has_more: boolean;
                items: {
                  /** Format: date-time */
                  created_at: string;
                  /** Format: uuid */
                  id: string;
                  importance: number;
                  title: string;
                  type: string;
                }[];
              };
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              metrics?: {
                avg_response_ms: number | null;
                child_count: number;
                /** Format: date-time */
                computed_at: string | null;
                document_count: number;
                growth_level: number;
                growth_points: number;
                /** Format: date-time */
                last_active_at: string | null;
                memory_count: number;
                message_count: number;
                reflection_count: number;
                success_rate: number | null;
                /** @enum {string} */
                trust_level: 'ready' | 'training' | 'needs_attention';
                trust_score: number;
              };
              min_score: number | null;
              name: string;
              parent?: {
                /** Format: date-time */
                created_at: string;
                depth: number;
                /** Format: uuid */
                id: string;
                is_active: boolean;
                name: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                spawn_reason: string | null;
              } | null;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              profile?: {
                avatar_style: string | null;
                /** Format: uri */
                avatar_url: string | null;
                description: string | null;
                motto: string | null;
                persona: string | null;
                personality: string | null;
                tone: string | null;
                traits: string[];
                values: string[];
              };
              slug: string;
              spawn_reason: string | null;
              system_prompt?: {
                content: string;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'system' | 'user' | 'assistant';
                /** Format: date-time */
                updated_at: string;
                version: number;
              } | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteAssistant: {
    parameters: {
      query?: {
        cascade?: boolean;
        force?: boolean;
      };
      header: {
        'if-match': string;
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateAssistant: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          is_active?: boolean;
          is_primary?: boolean;
          /** @enum {string} */
          memory_mode?: 'none' | 'session' | 'long_term';
          min_score?: number | null;
          name?: string;
          parent_id?: string | null;
          preferred_model?: string | null;
          slug?: string;
          system_prompt_id?: string | null;
          /** @enum {string} */
          thinking_style?: 'cot' | 'direct' | 'reflective';
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              depth: number;
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              min_score: number | null;
              name: string;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              slug: string;
              spawn_reason: string | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCapabilities: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              flags: {
                [key: string]: boolean;
              };
              skills: {
                confidence: number;
                description: string | null;
                /** Format: uuid */
                id: string;
                name: string;
                related_tools: string[];
                tags: string[];
              }[];
              specialties: string[];
              tools: string[];
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateCapabilities: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          flags?: {
            [key: string]: boolean;
          };
          skills?: {
            /** @default 0.5 */
            confidence?: number;
            /** @default null */
            description?: string | null;
            name: string;
            /** @default [] */
            related_tools?: string[];
            /** @default [] */
            tags?: string[];
          }[];
          specialties?: string[];
          tools?: string[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              flags: {
                [key: string]: boolean;
              };
              skills: {
                confidence: number;
                description: string | null;
                /** Format: uuid */
                id: string;
                name: string;
                related_tools: string[];
                tags: string[];
              }[];
              specialties: string[];
              tools: string[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listChildren: {
    parameters: {
      query?: {
        cursor?: string;
        include?: string;
        limit?: number;
        sort?: 'created_at' | 'updated_at' | 'name' | '-created_at' | '-updated_at' | '-name';
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              capabilities?: {
                flags: {
                  [key: string]: boolean;
                };
                skills: {
                  confidence: number;
                  description: string | null;
                  /** Format: uuid */
                  id: string;
                  name: string;
                  related_tools: string[];
                  tags: string[];
                }[];
                specialties: string[];
                tools: string[];
              };
              children?: {
                has_more: boolean;
                items: {
                  /** Format: date-time */
                  created_at: string;
                  depth: number;
                  /** Format: uuid */
                  id: string;
                  is_active: boolean;
                  name: string;
                  /** Format: uuid */
                  parent_id: string | null;
                  slug: string;
                  spawn_reason: string | null;
                }[];
              };
              /** Format: date-time */
              created_at: string;
              depth: number;
              documents?: {
                has_more: boolean;
                items: {
                  chunk_count: number;
                  /** Format: date-time */
                  created_at: string;
                  /** Format: uuid */
                  id: string;
                  /** @enum {string} */
                  status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                  title: string;
                }[];
              };
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              memories?: {
                has_more: boolean;
                items: {
                  /** Format: date-time */
                  created_at: string;
                  /** Format: uuid */
                  id: string;
                  importance: number;
                  title: string;
                  type: string;
                }[];
              };
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              metrics?: {
                avg_response_ms: number | null;
                child_count: number;
                /** Format: date-time */
                computed_at: string | null;
                document_count: number;
                growth_level: number;
                growth_points: number;
                /** Format: date-time */
                last_active_at: string | null;
                memory_count: number;
                message_count: number;
                reflection_count: number;
                success_rate: number | null;
                /** @enum {string} */
                trust_level: 'ready' | 'training' | 'needs_attention';
                trust_score: number;
              };
              min_score: number | null;
              name: string;
              parent?: {
                /** Format: date-time */
                created_at: string;
                depth: number;
                /** Format: uuid */
                id: string;
                is_active: boolean;
                name: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                spawn_reason: string | null;
              } | null;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              profile?: {
                avatar_style: string | null;
                /** Format: uri */
                avatar_url: string | null;
                description: string | null;
                motto: string | null;
                persona: string | null;
                personality: string | null;
                tone: string | null;
                traits: string[];
                values: string[];
              };
              slug: string;
              spawn_reason: string | null;
              system_prompt?: {
                content: string;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'system' | 'user' | 'assistant';
                /** Format: date-time */
                updated_at: string;
                version: number;
              } | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  spawnChild: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          capabilities?: {
            flags?: {
              [key: string]: boolean;
            };
            skills?: {
              /** @default 0.5 */
              confidence?: number;
              /** @default null */
              description?: string | null;
              name: string;
              /** @default [] */
              related_tools?: string[];
              /** @default [] */
              tags?: string[];
            }[];
            specialties?: string[];
            tools?: string[];
          };
          /** Format: uuid */
          document_id?: string;
          inherit?:
            | ('profile' | 'capabilities' | 'model' | 'prompt')[]
            | {
                capabilities?: boolean;
                model?: boolean;
                profile?: boolean;
                prompt?: boolean;
              };
          is_active?: boolean;
          is_primary?: boolean;
          /** Format: uuid */
          memory_id?: string;
          /** @enum {string} */
          memory_mode?: 'none' | 'session' | 'long_term';
          min_score?: number | null;
          name?: string;
          notes?: string;
          preferred_model?: string | null;
          profile?: {
            avatar_style?: string | null;
            /** Format: uri */
            avatar_url?: string | null;
            description?: string | null;
            motto?: string | null;
            persona?: string | null;
            personality?: string | null;
            tone?: string | null;
            traits?: string[];
            values?: string[];
          };
          reason: string;
          score?: number;
          slug?: string;
          system_prompt_id?: string | null;
          /** @enum {string} */
          thinking_style?: 'cot' | 'direct' | 'reflective';
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              depth: number;
              /** Format: uuid */
              id: string;
              is_active: boolean;
              is_primary: boolean;
              /** @enum {string} */
              memory_mode: 'none' | 'session' | 'long_term';
              min_score: number | null;
              name: string;
              /** Format: uuid */
              parent_id: string | null;
              preferred_model: string | null;
              slug: string;
              spawn_reason: string | null;
              /** Format: uuid */
              system_prompt_id: string | null;
              /** @enum {string} */
              thinking_style: 'cot' | 'direct' | 'reflective';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
            meta: {
              delegation: {
                /** Format: uuid */
                child_id: string;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                memory_id: string | null;
                notes: string | null;
                /** Format: uuid */
                parent_id: string;
                reason: string;
                score: number | null;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDelegations: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        side?: 'parent' | 'child';
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              child_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              memory_id: string | null;
              notes: string | null;
              /** Format: uuid */
              parent_id: string;
              reason: string;
              score: number | null;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAssistantDocuments: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        status?: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              chunk_count: number;
              /** Format: date-time */
              created_at: string;
              embedded_count: number;
              error: {
                code: string;
                message: string;
                remedy: string;
                stage: string | null;
              } | null;
              filename: string;
              /** Format: uuid */
              id: string;
              mime_type: string;
              new_version: {
                filename: string;
                mime_type: string;
                /** Format: hex */
                sha256: string;
                size: number;
              } | null;
              page_count: number | null;
              pages_failed: number[];
              pages_without_text: number[];
              searchable: boolean;
              /** Format: hex */
              sha256: string;
              size: number;
              /** @enum {string} */
              status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
              tags: string[];
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLineage: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              ancestors: {
                /** Format: date-time */
                created_at: string;
                depth: number;
                /** Format: uuid */
                id: string;
                is_active: boolean;
                name: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                spawn_reason: string | null;
              }[];
              descendants: {
                /** Format: date-time */
                created_at: string;
                depth: number;
                /** Format: uuid */
                id: string;
                is_active: boolean;
                name: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                spawn_reason: string | null;
              }[];
              self: {
                /** Format: date-time */
                created_at: string;
                depth: number;
                /** Format: uuid */
                id: string;
                is_active: boolean;
                name: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                spawn_reason: string | null;
              };
            };
            meta: {
              has_more: boolean;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAssistantMemories: {
    parameters: {
      query?: {
        conversation_id?: string;
        created_after?: string;
        created_before?: string;
        cursor?: string;
        document_id?: string;
        is_active?: 'true' | 'false' | 'any';
        is_bookmarked?: boolean;
        limit?: number;
        min_importance?: number;
        min_rating?: number;
        q?: string;
        sort?: 'created_at' | 'updated_at' | 'importance' | '-created_at' | '-updated_at' | '-importance';
        source_role?: 'user' | 'assistant' | 'agent' | 'system' | 'external';
        tags?: string;
        type?: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  writeMemory: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          allow_recall?: boolean;
          char_end?: number | null;
          char_start?: number | null;
          /** Format: uuid */
          conversation_id?: string | null;
          /** Format: uuid */
          document_id?: string | null;
          emotion?: string | null;
          event: string;
          importance?: number | null;
          is_bookmarked?: boolean;
          /** Format: uuid */
          message_id?: string | null;
          /** @enum {string} */
          on_duplicate?: 'report' | 'skip' | 'merge' | 'supersede';
          page?: number | null;
          /** Format: uuid */
          parent_memory_id?: string | null;
          /** @enum {string} */
          source_role?: 'user' | 'assistant' | 'agent' | 'system' | 'external';
          summary?: string | null;
          tags?: string[];
          title?: string | null;
          /** @enum {string} */
          type?: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            } | null;
            meta: {
              duplicate: boolean;
              /** @enum {string} */
              outcome: 'created' | 'duplicate' | 'recall_loop' | 'skipped' | 'merged' | 'superseded';
              recall_loop: {
                /** Format: uuid */
                chunk_id: string | null;
                /** Format: uuid */
                document_id: string | null;
                /** Format: uuid */
                memory_id: string | null;
              } | null;
              similar: {
                /** Format: uuid */
                id: string;
                similarity: number;
              }[];
            };
          };
        };
      };
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            } | null;
            meta: {
              duplicate: boolean;
              /** @enum {string} */
              outcome: 'created' | 'duplicate' | 'recall_loop' | 'skipped' | 'merged' | 'superseded';
              recall_loop: {
                /** Format: uuid */
                chunk_id: string | null;
                /** Format: uuid */
                document_id: string | null;
                /** Format: uuid */
                memory_id: string | null;
              } | null;
              similar: {
                /** Format: uuid */
                id: string;
                similarity: number;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAssistantMetrics: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              avg_response_ms: number | null;
              child_count: number;
              /** Format: date-time */
              computed_at: string | null;
              document_count: number;
              growth_components: {
                embedded_share: number;
                fallback_rate: number;
                points: {
                  embedded: number;
                  grounding: number;
                  trust: number;
                };
              } | null;
              growth_level: number;
              growth_points: number;
              /** Format: date-time */
              last_active_at: string | null;
              memory_count: number;
              message_count: number;
              reflection_count: number;
              success_rate: number | null;
              trust_components: {
                badges: number;
                failed_reflections_7_days: number;
                grounding_pct: number;
                negative_feedback_7_days: number;
                points: {
                  badges: number;
                  corrections: number;
                  grounding: number;
                  reflections: number;
                };
                reflections_7_days: number;
                retrievals: number;
              } | null;
              /** @enum {string} */
              trust_level: 'ready' | 'training' | 'needs_attention';
              trust_score: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getProfile: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              avatar_style: string | null;
              /** Format: uri */
              avatar_url: string | null;
              description: string | null;
              motto: string | null;
              persona: string | null;
              personality: string | null;
              tone: string | null;
              traits: string[];
              values: string[];
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateProfile: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          avatar_style?: string | null;
          /** Format: uri */
          avatar_url?: string | null;
          description?: string | null;
          motto?: string | null;
          persona?: string | null;
          personality?: string | null;
          tone?: string | null;
          traits?: string[];
          values?: string[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              avatar_style: string | null;
              /** Format: uri */
              avatar_url: string | null;
              description: string | null;
              motto: string | null;
              persona: string | null;
              personality: string | null;
              tone: string | null;
              traits: string[];
              values: string[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listReflections: {
    parameters: {
      query?: {
        category?: string;
        cursor?: string;
        limit?: number;
        status?: 'pending' | 'completed' | 'failed' | 'cancelled';
        type?: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              category: string | null;
              /** Format: uuid */
              chain_id: string | null;
              chunk_ids: string[];
              /** Format: date-time */
              completed_at: string | null;
              completion_tokens: number | null;
              content: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              error: {
                code: string;
                message: string;
                remedy: string;
                stage: string | null;
              } | null;
              /** Format: uuid */
              id: string;
              insights: string[];
              /** Format: uuid */
              job_id: string | null;
              memory_ids: string[];
              message_ids: string[];
              model: string | null;
              prompt_tokens: number | null;
              provider: string | null;
              rating: number | null;
              reflection_ids: string[];
              /** @enum {string} */
              status: 'pending' | 'completed' | 'failed' | 'cancelled';
              summary: string | null;
              /** @enum {string} */
              type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createReflection: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          category?: string;
          /** Format: uuid */
          chain_id?: string;
          content?: string;
          /** Format: uuid */
          document_id?: string;
          /** @default false */
          force?: boolean;
          memory_ids?: string[];
          rating?: number;
          /** @enum {string} */
          type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
        };
      };
    };
    responses: {
      201: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              job: null;
              reflection: {
                /** Format: uuid */
                assistant_id: string;
                category: string | null;
                /** Format: uuid */
                chain_id: string | null;
                chunk_ids: string[];
                /** Format: date-time */
                completed_at: string | null;
                completion_tokens: number | null;
                content: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                /** Format: uuid */
                id: string;
                insights: string[];
                /** Format: uuid */
                job_id: string | null;
                memory_ids: string[];
                message_ids: string[];
                model: string | null;
                prompt_tokens: number | null;
                provider: string | null;
                rating: number | null;
                reflection_ids: string[];
                /** @enum {string} */
                status: 'pending' | 'completed' | 'failed' | 'cancelled';
                summary: string | null;
                /** @enum {string} */
                type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
              };
            };
          };
        };
      };
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              };
              reflection: {
                /** Format: uuid */
                assistant_id: string;
                category: string | null;
                /** Format: uuid */
                chain_id: string | null;
                chunk_ids: string[];
                /** Format: date-time */
                completed_at: string | null;
                completion_tokens: number | null;
                content: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                /** Format: uuid */
                id: string;
                insights: string[];
                /** Format: uuid */
                job_id: string | null;
                memory_ids: string[];
                message_ids: string[];
                model: string | null;
                prompt_tokens: number | null;
                provider: string | null;
                rating: number | null;
                reflection_ids: string[];
                /** @enum {string} */
                status: 'pending' | 'completed' | 'failed' | 'cancelled';
                summary: string | null;
                /** @enum {string} */
                type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSystemPrompt: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            } | null;
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setSystemPrompt: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          prompt_id: string | null;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            } | null;
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batchAssistants: {
    parameters: {
      query?: {
        deletes?: boolean;
      };
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          atomic?: boolean;
          operations: (
            | {
                capabilities?: {
                  flags?: {
                    [key: string]: boolean;
                  };
                  skills?: {
                    /** @default 0.5 */
                    confidence?: number;
                    /** @default null */
                    description?: string | null;
                    name: string;
                    /** @default [] */
                    related_tools?: string[];
                    /** @default [] */
                    tags?: string[];
                  }[];
                  specialties?: string[];
                  tools?: string[];
                };
                is_active?: boolean;
                is_primary?: boolean;
                /** @enum {string} */
                memory_mode?: 'none' | 'session' | 'long_term';
                min_score?: number | null;
                name: string;
                /** @enum {string} */
                op: 'create';
                parent_id?: string | null;
                preferred_model?: string | null;
                profile?: {
                  avatar_style?: string | null;
                  /** Format: uri */
                  avatar_url?: string | null;
                  description?: string | null;
                  motto?: string | null;
                  persona?: string | null;
                  personality?: string | null;
                  tone?: string | null;
                  traits?: string[];
                  values?: string[];
                };
                slug?: string;
                system_prompt_id?: string | null;
                /** @enum {string} */
                thinking_style?: 'cot' | 'direct' | 'reflective';
              }
            | {
                id: string;
                is_active?: boolean;
                is_primary?: boolean;
                /** @enum {string} */
                memory_mode?: 'none' | 'session' | 'long_term';
                min_score?: number | null;
                name?: string;
                /** @enum {string} */
                op: 'update';
                parent_id?: string | null;
                preferred_model?: string | null;
                slug?: string;
                system_prompt_id?: string | null;
                /** @enum {string} */
                thinking_style?: 'cot' | 'direct' | 'reflective';
                version?: number;
              }
            | {
                id: string;
                /** @enum {string} */
                op: 'delete';
                version?: number;
              }
            | {
                /** @enum {string} */
                op: 'create' | 'update' | 'delete';
              }
          )[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              data: Record<string, never> | null;
              error: {
                /** @enum {string} */
                code:
                  | 'request.invalid'
                  | 'request.malformed'
                  | 'request.too_large'
                  | 'request.timeout'
                  | 'request.headers_too_large'
                  | 'request.media_type'
                  | 'request.not_acceptable'
                  | 'request.rate_limited'
                  | 'request.busy'
                  | 'route.not_found'
                  | 'route.method_not_allowed'
                  | 'page.cursor_invalid'
                  | 'precondition.failed'
                  | 'precondition.required'
                  | 'idempotency.key_reused'
                  | 'idempotency.in_progress'
                  | 'idempotency.answer_lost'
                  | 'graphql.syntax'
                  | 'graphql.invalid'
                  | 'graphql.too_complex'
                  | 'graphql.not_persisted'
                  | 'graphql.post_required'
                  | 'graphql.timeout'
                  | 'batch.unsupported'
                  | 'batch.sensitive'
                  | 'batch.rolled_back'
                  | 'batch.timed_out'
                  | 'auth.required'
                  | 'auth.invalid_credentials'
                  | 'auth.session_expired'
                  | 'auth.csrf_invalid'
                  | 'auth.origin_forbidden'
                  | 'auth.session_required'
                  | 'auth.ambiguous'
                  | 'auth.key_invalid'
                  | 'auth.key_expired'
                  | 'auth.scope_missing'
                  | 'auth.scope_exceeded'
                  | 'auth.reauthentication_required'
                  | 'auth.signature_required'
                  | 'auth.signature_invalid'
                  | 'auth.signature_expired'
                  | 'auth.signature_replayed'
                  | 'auth.password_weak'
                  | 'auth.sign_up_closed'
                  | 'auth.invitation_invalid'
                  | 'auth.reset_invalid'
                  | 'session.not_found'
                  | 'auth.forbidden'
                  | 'api_key.not_found'
                  | 'api_key.too_many'
                  | 'user.not_found'
                  | 'user.deletion_pending'
                  | 'export.not_found'
                  | 'export.not_ready'
                  | 'user.username_taken'
                  | 'user.email_taken'
                  | 'assistant.not_found'
                  | 'assistant.slug_taken'
                  | 'assistant.in_use'
                  | 'assistant.cycle'
                  | 'assistant.too_deep'
                  | 'assistant.too_many_children'
                  | 'prompt.not_found'
                  | 'prompt.slug_taken'
                  | 'prompt.in_use'
                  | 'prompt.not_system'
                  | 'memory.not_found'
                  | 'memory.duplicate'
                  | 'memory_chain.not_found'
                  | 'memory_chain.automatic'
                  | 'memory_chain.order_mismatch'
                  | 'memory_chain.other_assistant'
                  | 'memory_chain.empty'
                  | 'document.not_found'
                  | 'document.file_missing'
                  | 'document.too_large'
                  | 'document.empty'
                  | 'document.type_unsupported'
                  | 'document.type_mismatch'
                  | 'document.encoding_invalid'
                  | 'document.truncated'
                  | 'document.damaged'
                  | 'document.encrypted'
                  | 'document.no_text'
                  | 'document.too_many_pages'
                  | 'document.too_much_text'
                  | 'document.extraction_timeout'
                  | 'document.extraction_memory'
                  | 'document.extraction_crashed'
                  | 'document.cancelled'
                  | 'document.not_ready'
                  | 'document.not_retryable'
                  | 'document.pages_failed'
                  | 'document.chunks_failed'
                  | 'document.chunks_refused'
                  | 'document.not_findable'
                  | 'document.bytes_taken'
                  | 'quota.exceeded'
                  | 'quota.daily_exceeded'
                  | 'job.not_found'
                  | 'job.finished'
                  | 'job.timeout'
                  | 'job.worker_lost'
                  | 'job.payload_invalid'
                  | 'job.payload_unknown'
                  | 'job.not_replayable'
                  | 'job.priority_limit'
                  | 'webhook.secret_missing'
                  | 'webhook.url_forbidden'
                  | 'webhook.unreachable'
                  | 'webhook.throttled'
                  | 'webhook.refused'
                  | 'webhook.gone'
                  | 'mail.unavailable'
                  | 'embedding.unavailable'
                  | 'embedding.throttled'
                  | 'embedding.rejected'
                  | 'embedding.dimension_mismatch'
                  | 'embedding.model_unavailable'
                  | 'embedding_model.not_found'
                  | 'embedding_model.incomplete'
                  | 'embedding_model.in_use'
                  | 'embedding_model.dropping'
                  | 'embedding_model.no_previous'
                  | 'conversation.not_found'
                  | 'conversation.archived'
                  | 'conversation.busy'
                  | 'conversation.full'
                  | 'message.not_found'
                  | 'message.not_pending'
                  | 'message.not_a_reply'
                  | 'message.interrupted'
                  | 'completion.unavailable'
                  | 'completion.throttled'
                  | 'completion.rejected'
                  | 'completion.context_exceeded'
                  | 'assistant.inactive'
                  | 'reflection.not_found'
                  | 'reflection.pending'
                  | 'reflection.idle'
                  | 'reflection.no_material'
                  | 'credential.not_found'
                  | 'credential.label_taken'
                  | 'credential.limit_reached'
                  | 'credential.base_url_forbidden'
                  | 'credential.rejected'
                  | 'credential.key_missing'
                  | 'credential.key_in_use'
                  | 'credential.unreadable'
                  | 'service.unavailable'
                  | 'internal.error';
                message: string;
                remedy: string;
              } | null;
              index: number;
              status: number;
            }[];
            meta: {
              failed: number;
              rolled_back: boolean;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string;
              /** Format: uuid */
              id: string;
              label: string;
              /** Format: date-time */
              last_used_at: string | null;
              prefix: string;
              public_key: string | null;
              scopes: (
                | 'account:read'
                | 'account:write'
                | 'assistants:read'
                | 'assistants:write'
                | 'prompts:read'
                | 'prompts:write'
                | 'memories:read'
                | 'memories:write'
                | 'documents:read'
                | 'documents:write'
                | 'conversations:read'
                | 'conversations:write'
                | 'jobs:read'
                | 'jobs:write'
                | 'credentials:read'
                | 'credentials:write'
                | 'search'
                | 'batch'
                | 'admin:read'
                | 'admin:write'
              )[];
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default 90 */
          expires_in_days?: number;
          label: string;
          public_key?: string | null;
          scopes: (
            | 'account:read'
            | 'account:write'
            | 'assistants:read'
            | 'assistants:write'
            | 'prompts:read'
            | 'prompts:write'
            | 'memories:read'
            | 'memories:write'
            | 'documents:read'
            | 'documents:write'
            | 'conversations:read'
            | 'conversations:write'
            | 'jobs:read'
            | 'jobs:write'
            | 'credentials:read'
            | 'credentials:write'
            | 'search'
            | 'batch'
            | 'admin:read'
            | 'admin:write'
          )[];
        };
      };
    };
    responses: {
      201: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string;
              /** Format: uuid */
              id: string;
              key: string;
              label: string;
              /** Format: date-time */
              last_used_at: string | null;
              prefix: string;
              public_key: string | null;
              scopes: (
                | 'account:read'
                | 'account:write'
                | 'assistants:read'
                | 'assistants:write'
                | 'prompts:read'
                | 'prompts:write'
                | 'memories:read'
                | 'memories:write'
                | 'documents:read'
                | 'documents:write'
                | 'conversations:read'
                | 'conversations:write'
                | 'jobs:read'
                | 'jobs:write'
                | 'credentials:read'
                | 'credentials:write'
                | 'search'
                | 'batch'
                | 'admin:read'
                | 'admin:write'
              )[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: {
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listOwnAudit: {
    parameters: {
      query?: {
        action?: string;
        cursor?: string;
        from?: string;
        limit?: number;
        to?: string;
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              action: string;
              /** Format: uuid */
              actor_id: string | null;
              address: string | null;
              /** Format: uuid */
              api_key_id: string | null;
              correlation_id: string | null;
              /** Format: date-time */
              created_at: string;
              details: Record<string, never>;
              /** Format: uuid */
              id: string;
              target_id: string | null;
              target_type: string | null;
              user_agent: string | null;
              /** Format: uuid */
              user_id: string | null;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCsrfToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportAccount: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              export: {
                /** Format: date-time */
                completed_at: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at: string | null;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                job_id: string | null;
                size: number | null;
                /** @enum {string} */
                status: 'pending' | 'ready' | 'failed';
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listExports: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              completed_at: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string | null;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              job_id: string | null;
              size: number | null;
              /** @enum {string} */
              status: 'pending' | 'ready' | 'failed';
            }[];
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  downloadExport: {
    parameters: {
      query?: never;
      header?: {
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/zip': unknown;
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  logIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          username: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'Set-Cookie'?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
              user: {
                /** Format: date-time */
                created_at: string;
                email: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                role: 'user' | 'admin';
                username: string;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  logOut: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'Set-Cookie'?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMe: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              email: string;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              role: 'user' | 'admin';
              username: string;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteAccount: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
        };
      };
    };
    responses: {
      202: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              purge_after: string;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateMe: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Format: email */
          email?: string;
          username?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              email: string;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              role: 'user' | 'admin';
              username: string;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          current_password: string;
          new_password: string;
        };
      };
    };
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  requestPasswordReset: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          login: string;
        };
      };
    };
    responses: {
      202: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  confirmPasswordReset: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          token: string;
        };
      };
    };
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  reauthenticate: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
        };
      };
    };
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  refreshSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'Set-Cookie'?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  register: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Format: email */
          email: string;
          invitation_code?: string;
          password: string;
          username: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          'Set-Cookie'?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
              user: {
                /** Format: date-time */
                created_at: string;
                email: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                role: 'user' | 'admin';
                username: string;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  restoreAccount: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          username: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'Set-Cookie'?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              csrf_token: string;
              user: {
                /** Format: date-time */
                created_at: string;
                email: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                role: 'user' | 'admin';
                username: string;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              current: boolean;
              /** Format: date-time */
              expires_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_used_at: string;
              network: string | null;
              user_agent: string | null;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endAllSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'Set-Cookie'?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getUsage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              bytes: {
                limit: number | null;
                used: number;
              };
              completion_tokens_today: {
                limit: number | null;
                /** Format: date-time */
                resets_at: string;
                used: number;
              };
              documents: {
                limit: number | null;
                used: number;
              };
              embedding_tokens_today: {
                limit: number | null;
                /** Format: date-time */
                resets_at: string;
                used: number;
              };
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  runOperations: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          atomic?: boolean;
          operations: {
            body?: Record<string, never>;
            headers?: {
              'accept-language'?: string;
              'idempotency-key'?: string;
              'if-match'?: string;
              'if-none-match'?: string;
            };
            id?: string;
            /** @enum {string} */
            method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
            path: string;
          }[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              body: Record<string, never> | null;
              body_omitted: boolean;
              headers: {
                [key: string]: string;
              };
              id: string | null;
              status: number;
            }[];
            meta: {
              failed: number;
              rolled_back: boolean;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConversations: {
    parameters: {
      query?: {
        assistant_id?: string;
        cursor?: string;
        limit?: number;
        sort?: 'created_at' | 'last_message_at' | '-created_at' | '-last_message_at';
        status?: 'active' | 'archived';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              archived_at: string | null;
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_message_at: string;
              message_count: number;
              /** @enum {string} */
              status: 'active' | 'archived';
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createConversation: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          assistant_id: string;
          title?: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              archived_at: string | null;
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_message_at: string;
              message_count: number;
              /** @enum {string} */
              status: 'active' | 'archived';
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getConversation: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              archived_at: string | null;
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_message_at: string;
              message_count: number;
              /** @enum {string} */
              status: 'active' | 'archived';
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteConversation: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateConversation: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          title: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              archived_at: string | null;
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_message_at: string;
              message_count: number;
              /** @enum {string} */
              status: 'active' | 'archived';
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  archiveConversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              archived_at: string | null;
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_message_at: string;
              message_count: number;
              /** @enum {string} */
              status: 'active' | 'archived';
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMessages: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        order?: 'oldest' | 'newest';
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: uuid */
              conversation_id: string;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                remedy: string;
                retryable: boolean;
              } | null;
              feedback: {
                comment: string | null;
                /** Format: date-time */
                given_at: string | null;
                /** @enum {string} */
                value: 'positive' | 'negative';
              } | null;
              /** Format: uuid */
              id: string;
              model: string | null;
              provider: string | null;
              /** Format: uuid */
              reply_to_id: string | null;
              /** @enum {string} */
              role: 'user' | 'assistant' | 'system';
              sources: {
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                chunk_id: string | null;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                kind: 'document' | 'memory';
                /** Format: uuid */
                memory_id: string | null;
                n: number;
                page_from: number | null;
                page_to: number | null;
                quote: string;
                score: number;
                title: string;
              }[];
              /** @enum {string} */
              status: 'pending' | 'completed' | 'failed' | 'cancelled';
              took_ms: number | null;
              /** Format: date-time */
              updated_at: string;
              usage: {
                completion_tokens: number;
                estimated: boolean;
                prompt_tokens: number;
              } | null;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  postMessage: {
    parameters: {
      query?: {
        explain?: boolean;
      };
      header?: {
        accept?: string;
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content: string;
          /** @default true */
          reply?: boolean;
          stream?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': unknown;
        };
      };
      201: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              message: {
                content: string;
                /** Format: uuid */
                conversation_id: string;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  retryable: boolean;
                } | null;
                feedback: {
                  comment: string | null;
                  /** Format: date-time */
                  given_at: string | null;
                  /** @enum {string} */
                  value: 'positive' | 'negative';
                } | null;
                /** Format: uuid */
                id: string;
                model: string | null;
                provider: string | null;
                /** Format: uuid */
                reply_to_id: string | null;
                /** @enum {string} */
                role: 'user' | 'assistant' | 'system';
                sources: {
                  char_end: number | null;
                  char_start: number | null;
                  /** Format: uuid */
                  chunk_id: string | null;
                  /** Format: uuid */
                  document_id: string | null;
                  /** @enum {string} */
                  kind: 'document' | 'memory';
                  /** Format: uuid */
                  memory_id: string | null;
                  n: number;
                  page_from: number | null;
                  page_to: number | null;
                  quote: string;
                  score: number;
                  title: string;
                }[];
                /** @enum {string} */
                status: 'pending' | 'completed' | 'failed' | 'cancelled';
                took_ms: number | null;
                /** Format: date-time */
                updated_at: string;
                usage: {
                  completion_tokens: number;
                  estimated: boolean;
                  prompt_tokens: number;
                } | null;
              };
              prompt?: {
                budget: {
                  history: number;
                  limit: number;
                  message: number;
                  persona: number;
                  sources: number;
                };
                dropped: {
                  messages: number;
                  sources: number[];
                };
                messages: {
                  content: string;
                  /** @enum {string} */
                  role: 'system' | 'user' | 'assistant';
                }[];
                retrieval: {
                  degraded: boolean;
                  hits: {
                    id: string;
                    /** @enum {string} */
                    kind: 'document' | 'memory';
                    passed: boolean;
                    score: number;
                    title: string;
                  }[];
                  /** @enum {string} */
                  mode: 'hybrid' | 'text';
                  threshold: number;
                  took_ms: number;
                };
              } | null;
              reply: {
                content: string;
                /** Format: uuid */
                conversation_id: string;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  retryable: boolean;
                } | null;
                feedback: {
                  comment: string | null;
                  /** Format: date-time */
                  given_at: string | null;
                  /** @enum {string} */
                  value: 'positive' | 'negative';
                } | null;
                /** Format: uuid */
                id: string;
                model: string | null;
                provider: string | null;
                /** Format: uuid */
                reply_to_id: string | null;
                /** @enum {string} */
                role: 'user' | 'assistant' | 'system';
                sources: {
                  char_end: number | null;
                  char_start: number | null;
                  /** Format: uuid */
                  chunk_id: string | null;
                  /** Format: uuid */
                  document_id: string | null;
                  /** @enum {string} */
                  kind: 'document' | 'memory';
                  /** Format: uuid */
                  memory_id: string | null;
                  n: number;
                  page_from: number | null;
                  page_to: number | null;
                  quote: string;
                  score: number;
                  title: string;
                }[];
                /** @enum {string} */
                status: 'pending' | 'completed' | 'failed' | 'cancelled';
                took_ms: number | null;
                /** Format: date-time */
                updated_at: string;
                usage: {
                  completion_tokens: number;
                  estimated: boolean;
                  prompt_tokens: number;
                } | null;
              } | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  restoreConversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              archived_at: string | null;
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: date-time */
              last_message_at: string;
              message_count: number;
              /** @enum {string} */
              status: 'active' | 'archived';
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batchConversations: {
    parameters: {
      query?: {
        deletes?: boolean;
      };
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          atomic?: boolean;
          operations: (
            | {
                assistant_id: string;
                /** @enum {string} */
                op: 'create';
                title?: string;
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'update';
                title: string;
                version?: number;
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'archive';
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'restore';
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'delete';
                version?: number;
              }
            | {
                /** @enum {string} */
                op: 'create' | 'update' | 'archive' | 'restore' | 'delete';
              }
          )[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              data: Record<string, never> | null;
              error: {
                /** @enum {string} */
                code:
                  | 'request.invalid'
                  | 'request.malformed'
                  | 'request.too_large'
                  | 'request.timeout'
                  | 'request.headers_too_large'
                  | 'request.media_type'
                  | 'request.not_acceptable'
                  | 'request.rate_limited'
                  | 'request.busy'
                  | 'route.not_found'
                  | 'route.method_not_allowed'
                  | 'page.cursor_invalid'
                  | 'precondition.failed'
                  | 'precondition.required'
                  | 'idempotency.key_reused'
                  | 'idempotency.in_progress'
                  | 'idempotency.answer_lost'
                  | 'graphql.syntax'
                  | 'graphql.invalid'
                  | 'graphql.too_complex'
                  | 'graphql.not_persisted'
                  | 'graphql.post_required'
                  | 'graphql.timeout'
                  | 'batch.unsupported'
                  | 'batch.sensitive'
                  | 'batch.rolled_back'
                  | 'batch.timed_out'
                  | 'auth.required'
                  | 'auth.invalid_credentials'
                  | 'auth.session_expired'
                  | 'auth.csrf_invalid'
                  | 'auth.origin_forbidden'
                  | 'auth.session_required'
                  | 'auth.ambiguous'
                  | 'auth.key_invalid'
                  | 'auth.key_expired'
                  | 'auth.scope_missing'
                  | 'auth.scope_exceeded'
                  | 'auth.reauthentication_required'
                  | 'auth.signature_required'
                  | 'auth.signature_invalid'
                  | 'auth.signature_expired'
                  | 'auth.signature_replayed'
                  | 'auth.password_weak'
                  | 'auth.sign_up_closed'
                  | 'auth.invitation_invalid'
                  | 'auth.reset_invalid'
                  | 'session.not_found'
                  | 'auth.forbidden'
                  | 'api_key.not_found'
                  | 'api_key.too_many'
                  | 'user.not_found'
                  | 'user.deletion_pending'
                  | 'export.not_found'
                  | 'export.not_ready'
                  | 'user.username_taken'
                  | 'user.email_taken'
                  | 'assistant.not_found'
                  | 'assistant.slug_taken'
                  | 'assistant.in_use'
                  | 'assistant.cycle'
                  | 'assistant.too_deep'
                  | 'assistant.too_many_children'
                  | 'prompt.not_found'
                  | 'prompt.slug_taken'
                  | 'prompt.in_use'
                  | 'prompt.not_system'
                  | 'memory.not_found'
                  | 'memory.duplicate'
                  | 'memory_chain.not_found'
                  | 'memory_chain.automatic'
                  | 'memory_chain.order_mismatch'
                  | 'memory_chain.other_assistant'
                  | 'memory_chain.empty'
                  | 'document.not_found'
                  | 'document.file_missing'
                  | 'document.too_large'
                  | 'document.empty'
                  | 'document.type_unsupported'
                  | 'document.type_mismatch'
                  | 'document.encoding_invalid'
                  | 'document.truncated'
                  | 'document.damaged'
                  | 'document.encrypted'
                  | 'document.no_text'
                  | 'document.too_many_pages'
                  | 'document.too_much_text'
                  | 'document.extraction_timeout'
                  | 'document.extraction_memory'
                  | 'document.extraction_crashed'
                  | 'document.cancelled'
                  | 'document.not_ready'
                  | 'document.not_retryable'
                  | 'document.pages_failed'
                  | 'document.chunks_failed'
                  | 'document.chunks_refused'
                  | 'document.not_findable'
                  | 'document.bytes_taken'
                  | 'quota.exceeded'
                  | 'quota.daily_exceeded'
                  | 'job.not_found'
                  | 'job.finished'
                  | 'job.timeout'
                  | 'job.worker_lost'
                  | 'job.payload_invalid'
                  | 'job.payload_unknown'
                  | 'job.not_replayable'
                  | 'job.priority_limit'
                  | 'webhook.secret_missing'
                  | 'webhook.url_forbidden'
                  | 'webhook.unreachable'
                  | 'webhook.throttled'
                  | 'webhook.refused'
                  | 'webhook.gone'
                  | 'mail.unavailable'
                  | 'embedding.unavailable'
                  | 'embedding.throttled'
                  | 'embedding.rejected'
                  | 'embedding.dimension_mismatch'
                  | 'embedding.model_unavailable'
                  | 'embedding_model.not_found'
                  | 'embedding_model.incomplete'
                  | 'embedding_model.in_use'
                  | 'embedding_model.dropping'
                  | 'embedding_model.no_previous'
                  | 'conversation.not_found'
                  | 'conversation.archived'
                  | 'conversation.busy'
                  | 'conversation.full'
                  | 'message.not_found'
                  | 'message.not_pending'
                  | 'message.not_a_reply'
                  | 'message.interrupted'
                  | 'completion.unavailable'
                  | 'completion.throttled'
                  | 'completion.rejected'
                  | 'completion.context_exceeded'
                  | 'assistant.inactive'
                  | 'reflection.not_found'
                  | 'reflection.pending'
                  | 'reflection.idle'
                  | 'reflection.no_material'
                  | 'credential.not_found'
                  | 'credential.label_taken'
                  | 'credential.limit_reached'
                  | 'credential.base_url_forbidden'
                  | 'credential.rejected'
                  | 'credential.key_missing'
                  | 'credential.key_in_use'
                  | 'credential.unreadable'
                  | 'service.unavailable'
                  | 'internal.error';
                message: string;
                remedy: string;
              } | null;
              index: number;
              status: number;
            }[];
            meta: {
              failed: number;
              rolled_back: boolean;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDocuments: {
    parameters: {
      query?: {
        assistant_id?: string;
        cursor?: string;
        limit?: number;
        status?: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              chunk_count: number;
              /** Format: date-time */
              created_at: string;
              embedded_count: number;
              error: {
                code: string;
                message: string;
                remedy: string;
                stage: string | null;
              } | null;
              filename: string;
              /** Format: uuid */
              id: string;
              mime_type: string;
              new_version: {
                filename: string;
                mime_type: string;
                /** Format: hex */
                sha256: string;
                size: number;
              } | null;
              page_count: number | null;
              pages_failed: number[];
              pages_without_text: number[];
              searchable: boolean;
              /** Format: hex */
              sha256: string;
              size: number;
              /** @enum {string} */
              status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
              tags: string[];
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  uploadDocument: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          assistant_id: string;
          /** @enum {string} */
          priority?: 'high' | 'medium' | 'low';
          tags?: string[];
          text: string;
          title: string;
          /** Format: uri */
          webhook_url?: string;
        };
        'multipart/form-data': {
          assistant_id: string;
          file: Blob;
          /** @enum {string} */
          priority?: 'high' | 'medium' | 'low';
          tags?: string[] | string;
          title?: string;
          /** Format: uri */
          webhook_url?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocument: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              chunk_count: number;
              /** Format: date-time */
              created_at: string;
              embedded_count: number;
              error: {
                code: string;
                message: string;
                remedy: string;
                stage: string | null;
              } | null;
              filename: string;
              /** Format: uuid */
              id: string;
              mime_type: string;
              new_version: {
                filename: string;
                mime_type: string;
                /** Format: hex */
                sha256: string;
                size: number;
              } | null;
              page_count: number | null;
              pages_failed: number[];
              pages_without_text: number[];
              searchable: boolean;
              /** Format: hex */
              sha256: string;
              size: number;
              /** @enum {string} */
              status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
              tags: string[];
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteDocument: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateDocument: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          tags?: string[];
          title?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              chunk_count: number;
              /** Format: date-time */
              created_at: string;
              embedded_count: number;
              error: {
                code: string;
                message: string;
                remedy: string;
                stage: string | null;
              } | null;
              filename: string;
              /** Format: uuid */
              id: string;
              mime_type: string;
              new_version: {
                filename: string;
                mime_type: string;
                /** Format: hex */
                sha256: string;
                size: number;
              } | null;
              page_count: number | null;
              pages_failed: number[];
              pages_without_text: number[];
              searchable: boolean;
              /** Format: hex */
              sha256: string;
              size: number;
              /** @enum {string} */
              status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
              tags: string[];
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listChunks: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              char_end: number;
              char_start: number;
              /** Format: uuid */
              document_id: string;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              /** Format: uuid */
              id: string;
              page_from: number | null;
              page_to: number | null;
              position: number;
              text: string;
              token_count: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  downloadDocument: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaceDocument: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          priority?: 'high' | 'medium' | 'low';
          text: string;
          /** Format: uri */
          webhook_url?: string;
        };
        'multipart/form-data': {
          file: Blob;
          /** @enum {string} */
          priority?: 'high' | 'medium' | 'low';
          /** Format: uri */
          webhook_url?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  embedDocument: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocumentProgress: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryDocument: {
    parameters: {
      query?: {
        priority?: 'high' | 'medium' | 'low';
      };
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              document: {
                /** Format: uuid */
                assistant_id: string;
                chunk_count: number;
                /** Format: date-time */
                created_at: string;
                embedded_count: number;
                error: {
                  code: string;
                  message: string;
                  remedy: string;
                  stage: string | null;
                } | null;
                filename: string;
                /** Format: uuid */
                id: string;
                mime_type: string;
                new_version: {
                  filename: string;
                  mime_type: string;
                  /** Format: hex */
                  sha256: string;
                  size: number;
                } | null;
                page_count: number | null;
                pages_failed: number[];
                pages_without_text: number[];
                searchable: boolean;
                /** Format: hex */
                sha256: string;
                size: number;
                /** @enum {string} */
                status: 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
                tags: string[];
                title: string;
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              job: {
                attempts: number;
                /** Format: date-time */
                created_at: string;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** Format: date-time */
                finished_at: string | null;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                priority: 'high' | 'medium' | 'low';
                progress: {
                  done: number;
                  eta_seconds: number | null;
                  percent: number | null;
                  stage: string;
                  total: number | null;
                };
                result: unknown;
                /** Format: date-time */
                started_at: string | null;
                /** @enum {string} */
                status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
                type: string;
                webhook: {
                  attempts: number;
                  /** Format: date-time */
                  delivered_at: string | null;
                  error: {
                    code: string;
                    message: string;
                    /** Format: date-time */
                    next_retry_at: string | null;
                    remedy: string;
                    retryable: boolean;
                    stage: string | null;
                  } | null;
                  /** @enum {string} */
                  status: 'waiting' | 'pending' | 'delivered' | 'failed';
                  url: string;
                } | null;
              } | null;
              stages: {
                done: number;
                /** Format: date-time */
                finished_at: string | null;
                /** @enum {string} */
                stage: 'extract' | 'chunk' | 'embed' | 'verify';
                /** Format: date-time */
                started_at: string | null;
                total: number | null;
              }[];
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocumentText: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/plain': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batchDocuments: {
    parameters: {
      query?: {
        deletes?: boolean;
      };
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          atomic?: boolean;
          operations: (
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'update';
                tags?: string[];
                title?: string;
                version?: number;
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'retry';
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'delete';
                version?: number;
              }
            | {
                /** @enum {string} */
                op: 'update' | 'retry' | 'delete';
              }
          )[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              data: Record<string, never> | null;
              error: {
                /** @enum {string} */
                code:
                  | 'request.invalid'
                  | 'request.malformed'
                  | 'request.too_large'
                  | 'request.timeout'
                  | 'request.headers_too_large'
                  | 'request.media_type'
                  | 'request.not_acceptable'
                  | 'request.rate_limited'
                  | 'request.busy'
                  | 'route.not_found'
                  | 'route.method_not_allowed'
                  | 'page.cursor_invalid'
                  | 'precondition.failed'
                  | 'precondition.required'
                  | 'idempotency.key_reused'
                  | 'idempotency.in_progress'
                  | 'idempotency.answer_lost'
                  | 'graphql.syntax'
                  | 'graphql.invalid'
                  | 'graphql.too_complex'
                  | 'graphql.not_persisted'
                  | 'graphql.post_required'
                  | 'graphql.timeout'
                  | 'batch.unsupported'
                  | 'batch.sensitive'
                  | 'batch.rolled_back'
                  | 'batch.timed_out'
                  | 'auth.required'
                  | 'auth.invalid_credentials'
                  | 'auth.session_expired'
                  | 'auth.csrf_invalid'
                  | 'auth.origin_forbidden'
                  | 'auth.session_required'
                  | 'auth.ambiguous'
                  | 'auth.key_invalid'
                  | 'auth.key_expired'
                  | 'auth.scope_missing'
                  | 'auth.scope_exceeded'
                  | 'auth.reauthentication_required'
                  | 'auth.signature_required'
                  | 'auth.signature_invalid'
                  | 'auth.signature_expired'
                  | 'auth.signature_replayed'
                  | 'auth.password_weak'
                  | 'auth.sign_up_closed'
                  | 'auth.invitation_invalid'
                  | 'auth.reset_invalid'
                  | 'session.not_found'
                  | 'auth.forbidden'
                  | 'api_key.not_found'
                  | 'api_key.too_many'
                  | 'user.not_found'
                  | 'user.deletion_pending'
                  | 'export.not_found'
                  | 'export.not_ready'
                  | 'user.username_taken'
                  | 'user.email_taken'
                  | 'assistant.not_found'
                  | 'assistant.slug_taken'
                  | 'assistant.in_use'
                  | 'assistant.cycle'
                  | 'assistant.too_deep'
                  | 'assistant.too_many_children'
                  | 'prompt.not_found'
                  | 'prompt.slug_taken'
                  | 'prompt.in_use'
                  | 'prompt.not_system'
                  | 'memory.not_found'
                  | 'memory.duplicate'
                  | 'memory_chain.not_found'
                  | 'memory_chain.automatic'
                  | 'memory_chain.order_mismatch'
                  | 'memory_chain.other_assistant'
                  | 'memory_chain.empty'
                  | 'document.not_found'
                  | 'document.file_missing'
                  | 'document.too_large'
                  | 'document.empty'
                  | 'document.type_unsupported'
                  | 'document.type_mismatch'
                  | 'document.encoding_invalid'
                  | 'document.truncated'
                  | 'document.damaged'
                  | 'document.encrypted'
                  | 'document.no_text'
                  | 'document.too_many_pages'
                  | 'document.too_much_text'
                  | 'document.extraction_timeout'
                  | 'document.extraction_memory'
                  | 'document.extraction_crashed'
                  | 'document.cancelled'
                  | 'document.not_ready'
                  | 'document.not_retryable'
                  | 'document.pages_failed'
                  | 'document.chunks_failed'
                  | 'document.chunks_refused'
                  | 'document.not_findable'
                  | 'document.bytes_taken'
                  | 'quota.exceeded'
                  | 'quota.daily_exceeded'
                  | 'job.not_found'
                  | 'job.finished'
                  | 'job.timeout'
                  | 'job.worker_lost'
                  | 'job.payload_invalid'
                  | 'job.payload_unknown'
                  | 'job.not_replayable'
                  | 'job.priority_limit'
                  | 'webhook.secret_missing'
                  | 'webhook.url_forbidden'
                  | 'webhook.unreachable'
                  | 'webhook.throttled'
                  | 'webhook.refused'
                  | 'webhook.gone'
                  | 'mail.unavailable'
                  | 'embedding.unavailable'
                  | 'embedding.throttled'
                  | 'embedding.rejected'
                  | 'embedding.dimension_mismatch'
                  | 'embedding.model_unavailable'
                  | 'embedding_model.not_found'
                  | 'embedding_model.incomplete'
                  | 'embedding_model.in_use'
                  | 'embedding_model.dropping'
                  | 'embedding_model.no_previous'
                  | 'conversation.not_found'
                  | 'conversation.archived'
                  | 'conversation.busy'
                  | 'conversation.full'
                  | 'message.not_found'
                  | 'message.not_pending'
                  | 'message.not_a_reply'
                  | 'message.interrupted'
                  | 'completion.unavailable'
                  | 'completion.throttled'
                  | 'completion.rejected'
                  | 'completion.context_exceeded'
                  | 'assistant.inactive'
                  | 'reflection.not_found'
                  | 'reflection.pending'
                  | 'reflection.idle'
                  | 'reflection.no_material'
                  | 'credential.not_found'
                  | 'credential.label_taken'
                  | 'credential.limit_reached'
                  | 'credential.base_url_forbidden'
                  | 'credential.rejected'
                  | 'credential.key_missing'
                  | 'credential.key_in_use'
                  | 'credential.unreadable'
                  | 'service.unavailable'
                  | 'internal.error';
                message: string;
                remedy: string;
              } | null;
              index: number;
              status: number;
            }[];
            meta: {
              failed: number;
              rolled_back: boolean;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readGraphql: {
    parameters: {
      query: {
        extensions?: string;
        operationName?: string;
        query: string;
        variables?: string;
      };
      header?: {
        accept?: string;
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/graphql-response+json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
          'application/json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/graphql-response+json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
          'application/json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  runGraphql: {
    parameters: {
      query?: never;
      header?: {
        accept?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          extensions?: Record<string, never> | null;
          operationName?: string | null;
          query: string;
          variables?: Record<string, never> | null;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/graphql-response+json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
          'application/json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
        };
      };
      400: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/graphql-response+json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
          'application/json': {
            data?: Record<string, never> | null;
            errors?: {
              extensions: {
                code: string;
                correlation_id: string | null;
                errors?: Record<string, never>[];
                retry_after_seconds?: number;
                status: number;
              };
              locations?: {
                column?: number;
                line?: number;
              }[];
              message: string;
              path?: (string | number)[];
            }[];
          };
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCredentials: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              key_id: string;
              label: string;
              last_four: string;
              /** @enum {string} */
              provider: 'openai';
              /** Format: date-time */
              rotated_at: string | null;
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createCredential: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Format: uri */
          base_url?: string | null;
          label: string;
          /** @enum {string} */
          provider: 'openai';
          secret: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              key_id: string;
              label: string;
              last_four: string;
              /** @enum {string} */
              provider: 'openai';
              /** Format: date-time */
              rotated_at: string | null;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCredential: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              key_id: string;
              label: string;
              last_four: string;
              /** @enum {string} */
              provider: 'openai';
              /** Format: date-time */
              rotated_at: string | null;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteCredential: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateCredential: {
    parameters: {
      query?: never;
      header: {
        'content-digest'?: string;
        'if-match': string;
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          label: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              key_id: string;
              label: string;
              last_four: string;
              /** @enum {string} */
              provider: 'openai';
              /** Format: date-time */
              rotated_at: string | null;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateCredential: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          secret: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              base_url: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              key_id: string;
              label: string;
              last_four: string;
              /** @enum {string} */
              provider: 'openai';
              /** Format: date-time */
              rotated_at: string | null;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listJobs: {
    parameters: {
      query?: {
        cursor?: string;
        document_id?: string;
        limit?: number;
        status?: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
        type?:
          | 'document.ingest'
          | 'document.chunk'
          | 'document.embed'
          | 'document.verify'
          | 'document.reindex'
          | 'embedding.build'
          | 'embedding.drop'
          | 'reflection.write'
          | 'assistant.measure'
          | 'memory.embed'
          | 'chain.rebuild'
          | 'chain.summarise'
          | 'account.export'
          | 'account.purge'
          | 'conversation.archive'
          | 'webhook.deliver';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: number;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                /** Format: date-time */
                next_retry_at: string | null;
                remedy: string;
                retryable: boolean;
                stage: string | null;
              } | null;
              /** Format: date-time */
              finished_at: string | null;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              priority: 'high' | 'medium' | 'low';
              progress: {
                done: number;
                eta_seconds: number | null;
                percent: number | null;
                stage: string;
                total: number | null;
              };
              result: unknown;
              /** Format: date-time */
              started_at: string | null;
              /** @enum {string} */
              status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
              type: string;
              webhook: {
                attempts: number;
                /** Format: date-time */
                delivered_at: string | null;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** @enum {string} */
                status: 'waiting' | 'pending' | 'delivered' | 'failed';
                url: string;
              } | null;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getJob: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: number;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                /** Format: date-time */
                next_retry_at: string | null;
                remedy: string;
                retryable: boolean;
                stage: string | null;
              } | null;
              /** Format: date-time */
              finished_at: string | null;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              priority: 'high' | 'medium' | 'low';
              progress: {
                done: number;
                eta_seconds: number | null;
                percent: number | null;
                stage: string;
                total: number | null;
              };
              result: unknown;
              /** Format: date-time */
              started_at: string | null;
              /** @enum {string} */
              status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
              type: string;
              webhook: {
                attempts: number;
                /** Format: date-time */
                delivered_at: string | null;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** @enum {string} */
                status: 'waiting' | 'pending' | 'delivered' | 'failed';
                url: string;
              } | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAttempts: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempt: number;
              /** Format: date-time */
              ended_at: string | null;
              error: {
                code: string;
                message: string;
                /** Format: date-time */
                next_retry_at: string | null;
                remedy: string;
                retryable: boolean;
                stage: string | null;
              } | null;
              /** Format: uuid */
              job_id: string;
              /** @enum {string} */
              outcome:
                'running' | 'succeeded' | 'retry' | 'failed' | 'dead' | 'cancelled' | 'released' | 'lost';
              stage: string | null;
              /** Format: date-time */
              started_at: string;
              type: string;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  followJob: {
    parameters: {
      query?: never;
      header?: {
        'last-event-id'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': unknown;
        };
      };
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMemories: {
    parameters: {
      query?: {
        assistant_id?: string;
        conversation_id?: string;
        created_after?: string;
        created_before?: string;
        cursor?: string;
        document_id?: string;
        is_active?: 'true' | 'false' | 'any';
        is_bookmarked?: boolean;
        limit?: number;
        min_importance?: number;
        min_rating?: number;
        q?: string;
        sort?: 'created_at' | 'updated_at' | 'importance' | '-created_at' | '-updated_at' | '-importance';
        source_role?: 'user' | 'assistant' | 'agent' | 'system' | 'external';
        tags?: string;
        type?: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMemory: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteMemory: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateMemory: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          emotion?: string | null;
          event?: string;
          importance?: number | null;
          is_active?: boolean;
          is_bookmarked?: boolean;
          /** @enum {string} */
          source_role?: 'user' | 'assistant' | 'agent' | 'system' | 'external';
          summary?: string | null;
          tags?: string[];
          title?: string | null;
          /** @enum {string} */
          type?: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  bookmarkMemory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  unbookmarkMemory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  embedMemory: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: number;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                /** Format: date-time */
                next_retry_at: string | null;
                remedy: string;
                retryable: boolean;
                stage: string | null;
              } | null;
              /** Format: date-time */
              finished_at: string | null;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              priority: 'high' | 'medium' | 'low';
              progress: {
                done: number;
                eta_seconds: number | null;
                percent: number | null;
                stage: string;
                total: number | null;
              };
              result: unknown;
              /** Format: date-time */
              started_at: string | null;
              /** @enum {string} */
              status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
              type: string;
              webhook: {
                attempts: number;
                /** Format: date-time */
                delivered_at: string | null;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** @enum {string} */
                status: 'waiting' | 'pending' | 'delivered' | 'failed';
                url: string;
              } | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rateMemory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          comment?: string | null;
          rating: number;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              char_end: number | null;
              char_start: number | null;
              /** Format: uuid */
              conversation_id: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              /** @enum {string} */
              embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
              emotion: string | null;
              event: string;
              feedback_comment: string | null;
              /** Format: uuid */
              id: string;
              importance: number;
              importance_computed: boolean;
              is_active: boolean;
              is_bookmarked: boolean;
              /** Format: uuid */
              message_id: string | null;
              page: number | null;
              /** Format: uuid */
              parent_memory_id: string | null;
              rating: number | null;
              /** Format: uuid */
              session_id: string | null;
              /** @enum {string} */
              source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
              summary: string | null;
              /** Format: uuid */
              superseded_by_id: string | null;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batchMemories: {
    parameters: {
      query?: {
        deletes?: boolean;
      };
      header?: {
        'content-digest'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          operations: (
            | {
                allow_recall?: boolean;
                assistant_id: string;
                char_end?: number | null;
                char_start?: number | null;
                /** Format: uuid */
                conversation_id?: string | null;
                /** Format: uuid */
                document_id?: string | null;
                emotion?: string | null;
                event: string;
                importance?: number | null;
                is_bookmarked?: boolean;
                /** Format: uuid */
                message_id?: string | null;
                /** @enum {string} */
                on_duplicate?: 'report' | 'skip' | 'merge' | 'supersede';
                /** @enum {string} */
                op: 'create';
                page?: number | null;
                /** Format: uuid */
                parent_memory_id?: string | null;
                /** @enum {string} */
                source_role?: 'user' | 'assistant' | 'agent' | 'system' | 'external';
                summary?: string | null;
                tags?: string[];
                title?: string | null;
                /** @enum {string} */
                type?: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
              }
            | {
                emotion?: string | null;
                event?: string;
                /** Format: uuid */
                id: string;
                importance?: number | null;
                is_active?: boolean;
                is_bookmarked?: boolean;
                /** @enum {string} */
                op: 'update';
                /** @enum {string} */
                source_role?: 'user' | 'assistant' | 'agent' | 'system' | 'external';
                summary?: string | null;
                tags?: string[];
                title?: string | null;
                /** @enum {string} */
                type?: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
                version?: number;
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'delete';
                version?: number;
              }
            | {
                /** @enum {string} */
                op: 'create' | 'update' | 'delete';
              }
          )[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              data: {
                /** Format: uuid */
                assistant_id: string;
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                conversation_id: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
                emotion: string | null;
                event: string;
                feedback_comment: string | null;
                /** Format: uuid */
                id: string;
                importance: number;
                importance_computed: boolean;
                is_active: boolean;
                is_bookmarked: boolean;
                /** Format: uuid */
                message_id: string | null;
                page: number | null;
                /** Format: uuid */
                parent_memory_id: string | null;
                rating: number | null;
                /** Format: uuid */
                session_id: string | null;
                /** @enum {string} */
                source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
                summary: string | null;
                /** Format: uuid */
                superseded_by_id: string | null;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
                /** Format: date-time */
                updated_at: string;
                version: number;
              } | null;
              error: {
                /** @enum {string} */
                code:
                  | 'request.invalid'
                  | 'request.malformed'
                  | 'request.too_large'
                  | 'request.timeout'
                  | 'request.headers_too_large'
                  | 'request.media_type'
                  | 'request.not_acceptable'
                  | 'request.rate_limited'
                  | 'request.busy'
                  | 'route.not_found'
                  | 'route.method_not_allowed'
                  | 'page.cursor_invalid'
                  | 'precondition.failed'
                  | 'precondition.required'
                  | 'idempotency.key_reused'
                  | 'idempotency.in_progress'
                  | 'idempotency.answer_lost'
                  | 'graphql.syntax'
                  | 'graphql.invalid'
                  | 'graphql.too_complex'
                  | 'graphql.not_persisted'
                  | 'graphql.post_required'
                  | 'graphql.timeout'
                  | 'batch.unsupported'
                  | 'batch.sensitive'
                  | 'batch.rolled_back'
                  | 'batch.timed_out'
                  | 'auth.required'
                  | 'auth.invalid_credentials'
                  | 'auth.session_expired'
                  | 'auth.csrf_invalid'
                  | 'auth.origin_forbidden'
                  | 'auth.session_required'
                  | 'auth.ambiguous'
                  | 'auth.key_invalid'
                  | 'auth.key_expired'
                  | 'auth.scope_missing'
                  | 'auth.scope_exceeded'
                  | 'auth.reauthentication_required'
                  | 'auth.signature_required'
                  | 'auth.signature_invalid'
                  | 'auth.signature_expired'
                  | 'auth.signature_replayed'
                  | 'auth.password_weak'
                  | 'auth.sign_up_closed'
                  | 'auth.invitation_invalid'
                  | 'auth.reset_invalid'
                  | 'session.not_found'
                  | 'auth.forbidden'
                  | 'api_key.not_found'
                  | 'api_key.too_many'
                  | 'user.not_found'
                  | 'user.deletion_pending'
                  | 'export.not_found'
                  | 'export.not_ready'
                  | 'user.username_taken'
                  | 'user.email_taken'
                  | 'assistant.not_found'
                  | 'assistant.slug_taken'
                  | 'assistant.in_use'
                  | 'assistant.cycle'
                  | 'assistant.too_deep'
                  | 'assistant.too_many_children'
                  | 'prompt.not_found'
                  | 'prompt.slug_taken'
                  | 'prompt.in_use'
                  | 'prompt.not_system'
                  | 'memory.not_found'
                  | 'memory.duplicate'
                  | 'memory_chain.not_found'
                  | 'memory_chain.automatic'
                  | 'memory_chain.order_mismatch'
                  | 'memory_chain.other_assistant'
                  | 'memory_chain.empty'
                  | 'document.not_found'
                  | 'document.file_missing'
                  | 'document.too_large'
                  | 'document.empty'
                  | 'document.type_unsupported'
                  | 'document.type_mismatch'
                  | 'document.encoding_invalid'
                  | 'document.truncated'
                  | 'document.damaged'
                  | 'document.encrypted'
                  | 'document.no_text'
                  | 'document.too_many_pages'
                  | 'document.too_much_text'
                  | 'document.extraction_timeout'
                  | 'document.extraction_memory'
                  | 'document.extraction_crashed'
                  | 'document.cancelled'
                  | 'document.not_ready'
                  | 'document.not_retryable'
                  | 'document.pages_failed'
                  | 'document.chunks_failed'
                  | 'document.chunks_refused'
                  | 'document.not_findable'
                  | 'document.bytes_taken'
                  | 'quota.exceeded'
                  | 'quota.daily_exceeded'
                  | 'job.not_found'
                  | 'job.finished'
                  | 'job.timeout'
                  | 'job.worker_lost'
                  | 'job.payload_invalid'
                  | 'job.payload_unknown'
                  | 'job.not_replayable'
                  | 'job.priority_limit'
                  | 'webhook.secret_missing'
                  | 'webhook.url_forbidden'
                  | 'webhook.unreachable'
                  | 'webhook.throttled'
                  | 'webhook.refused'
                  | 'webhook.gone'
                  | 'mail.unavailable'
                  | 'embedding.unavailable'
                  | 'embedding.throttled'
                  | 'embedding.rejected'
                  | 'embedding.dimension_mismatch'
                  | 'embedding.model_unavailable'
                  | 'embedding_model.not_found'
                  | 'embedding_model.incomplete'
                  | 'embedding_model.in_use'
                  | 'embedding_model.dropping'
                  | 'embedding_model.no_previous'
                  | 'conversation.not_found'
                  | 'conversation.archived'
                  | 'conversation.busy'
                  | 'conversation.full'
                  | 'message.not_found'
                  | 'message.not_pending'
                  | 'message.not_a_reply'
                  | 'message.interrupted'
                  | 'completion.unavailable'
                  | 'completion.throttled'
                  | 'completion.rejected'
                  | 'completion.context_exceeded'
                  | 'assistant.inactive'
                  | 'reflection.not_found'
                  | 'reflection.pending'
                  | 'reflection.idle'
                  | 'reflection.no_material'
                  | 'credential.not_found'
                  | 'credential.label_taken'
                  | 'credential.limit_reached'
                  | 'credential.base_url_forbidden'
                  | 'credential.rejected'
                  | 'credential.key_missing'
                  | 'credential.key_in_use'
                  | 'credential.unreadable'
                  | 'service.unavailable'
                  | 'internal.error';
                message: string;
                remedy: string;
              } | null;
              index: number;
              meta: {
                duplicate: boolean;
                /** @enum {string} */
                outcome: 'created' | 'duplicate' | 'recall_loop' | 'skipped' | 'merged' | 'superseded';
                recall_loop: {
                  /** Format: uuid */
                  chunk_id: string | null;
                  /** Format: uuid */
                  document_id: string | null;
                  /** Format: uuid */
                  memory_id: string | null;
                } | null;
                similar: {
                  /** Format: uuid */
                  id: string;
                  similarity: number;
                }[];
              } | null;
              status: number;
            }[];
            meta: {
              failed: number;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteMemories: {
    parameters: {
      query?: never;
      header?: {
        'content-digest'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          ids: string[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              deleted: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  searchMemories: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          assistant_id?: string;
          /** @default 10 */
          limit?: number;
          min_score?: number;
          /**
           * @default hybrid
           * @enum {string}
           */
          mode?: 'hybrid' | 'vector' | 'text';
          query: string;
          tags?: string[];
          types?: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              memory: {
                /** Format: uuid */
                assistant_id: string;
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                conversation_id: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
                emotion: string | null;
                event: string;
                feedback_comment: string | null;
                /** Format: uuid */
                id: string;
                importance: number;
                importance_computed: boolean;
                is_active: boolean;
                is_bookmarked: boolean;
                /** Format: uuid */
                message_id: string | null;
                page: number | null;
                /** Format: uuid */
                parent_memory_id: string | null;
                rating: number | null;
                /** Format: uuid */
                session_id: string | null;
                /** @enum {string} */
                source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
                summary: string | null;
                /** Format: uuid */
                superseded_by_id: string | null;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              score: number;
              text_score: number;
              vector_score: number | null;
            }[];
            meta: {
              degraded?: boolean;
              embedding_model: string | null;
              took_ms: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listChains: {
    parameters: {
      query?: {
        assistant_id?: string;
        cursor?: string;
        limit?: number;
        mode?: 'manual' | 'automatic';
        sort?: 'created_at' | 'updated_at' | '-created_at' | '-updated_at';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              description: string | null;
              entry_count: number;
              exclude_types: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
              filter_tags: string[];
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              mode: 'manual' | 'automatic';
              stale: boolean;
              /** Format: date-time */
              summarised_at: string | null;
              summary: string | null;
              summary_model: string | null;
              summary_provider: string | null;
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createChain: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          assistant_id: string;
          description?: string | null;
          exclude_types?: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
          filter_tags?: string[];
          /** @enum {string} */
          mode?: 'manual' | 'automatic';
          title: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              description: string | null;
              entry_count: number;
              exclude_types: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
              filter_tags: string[];
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              mode: 'manual' | 'automatic';
              stale: boolean;
              /** Format: date-time */
              summarised_at: string | null;
              summary: string | null;
              summary_model: string | null;
              summary_provider: string | null;
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getChain: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              description: string | null;
              entry_count: number;
              exclude_types: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
              filter_tags: string[];
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              mode: 'manual' | 'automatic';
              stale: boolean;
              /** Format: date-time */
              summarised_at: string | null;
              summary: string | null;
              summary_model: string | null;
              summary_provider: string | null;
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteChain: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateChain: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          description?: string | null;
          exclude_types?: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
          filter_tags?: string[];
          /** @enum {string} */
          mode?: 'manual' | 'automatic';
          title?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              description: string | null;
              entry_count: number;
              exclude_types: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
              filter_tags: string[];
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              mode: 'manual' | 'automatic';
              stale: boolean;
              /** Format: date-time */
              summarised_at: string | null;
              summary: string | null;
              summary_model: string | null;
              summary_provider: string | null;
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listChainEntries: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              added_at: string;
              memory: {
                /** Format: uuid */
                assistant_id: string;
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                conversation_id: string | null;
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                embedding_status: 'pending' | 'embedded' | 'skipped' | 'failed';
                emotion: string | null;
                event: string;
                feedback_comment: string | null;
                /** Format: uuid */
                id: string;
                importance: number;
                importance_computed: boolean;
                is_active: boolean;
                is_bookmarked: boolean;
                /** Format: uuid */
                message_id: string | null;
                page: number | null;
                /** Format: uuid */
                parent_memory_id: string | null;
                rating: number | null;
                /** Format: uuid */
                session_id: string | null;
                /** @enum {string} */
                source_role: 'user' | 'assistant' | 'agent' | 'system' | 'external';
                summary: string | null;
                /** Format: uuid */
                superseded_by_id: string | null;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary';
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
              position: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addChainEntries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          memory_ids: string[];
          position?: number;
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              description: string | null;
              entry_count: number;
              exclude_types: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
              filter_tags: string[];
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              mode: 'manual' | 'automatic';
              stale: boolean;
              /** Format: date-time */
              summarised_at: string | null;
              summary: string | null;
              summary_model: string | null;
              summary_provider: string | null;
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeChainEntry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        memory_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  reorderChain: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          memory_ids: string[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              /** Format: date-time */
              created_at: string;
              description: string | null;
              entry_count: number;
              exclude_types: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
              filter_tags: string[];
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              mode: 'manual' | 'automatic';
              stale: boolean;
              /** Format: date-time */
              summarised_at: string | null;
              summary: string | null;
              summary_model: string | null;
              summary_provider: string | null;
              title: string;
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  summariseChain: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: number;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                /** Format: date-time */
                next_retry_at: string | null;
                remedy: string;
                retryable: boolean;
                stage: string | null;
              } | null;
              /** Format: date-time */
              finished_at: string | null;
              /** Format: uuid */
              id: string;
              /** @enum {string} */
              priority: 'high' | 'medium' | 'low';
              progress: {
                done: number;
                eta_seconds: number | null;
                percent: number | null;
                stage: string;
                total: number | null;
              };
              result: unknown;
              /** Format: date-time */
              started_at: string | null;
              /** @enum {string} */
              status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
              type: string;
              webhook: {
                attempts: number;
                /** Format: date-time */
                delivered_at: string | null;
                error: {
                  code: string;
                  message: string;
                  /** Format: date-time */
                  next_retry_at: string | null;
                  remedy: string;
                  retryable: boolean;
                  stage: string | null;
                } | null;
                /** @enum {string} */
                status: 'waiting' | 'pending' | 'delivered' | 'failed';
                url: string;
              } | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batchMemoryChains: {
    parameters: {
      query?: {
        deletes?: boolean;
      };
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          atomic?: boolean;
          operations: (
            | {
                assistant_id: string;
                description?: string | null;
                exclude_types?: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
                filter_tags?: string[];
                /** @enum {string} */
                mode?: 'manual' | 'automatic';
                /** @enum {string} */
                op: 'create';
                title: string;
              }
            | {
                description?: string | null;
                exclude_types?: ('note' | 'fact' | 'preference' | 'event' | 'insight' | 'task' | 'summary')[];
                filter_tags?: string[];
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                mode?: 'manual' | 'automatic';
                /** @enum {string} */
                op: 'update';
                title?: string;
                version?: number;
              }
            | {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                op: 'delete';
                version?: number;
              }
            | {
                /** @enum {string} */
                op: 'create' | 'update' | 'delete';
              }
          )[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              data: Record<string, never> | null;
              error: {
                /** @enum {string} */
                code:
                  | 'request.invalid'
                  | 'request.malformed'
                  | 'request.too_large'
                  | 'request.timeout'
                  | 'request.headers_too_large'
                  | 'request.media_type'
                  | 'request.not_acceptable'
                  | 'request.rate_limited'
                  | 'request.busy'
                  | 'route.not_found'
                  | 'route.method_not_allowed'
                  | 'page.cursor_invalid'
                  | 'precondition.failed'
                  | 'precondition.required'
                  | 'idempotency.key_reused'
                  | 'idempotency.in_progress'
                  | 'idempotency.answer_lost'
                  | 'graphql.syntax'
                  | 'graphql.invalid'
                  | 'graphql.too_complex'
                  | 'graphql.not_persisted'
                  | 'graphql.post_required'
                  | 'graphql.timeout'
                  | 'batch.unsupported'
                  | 'batch.sensitive'
                  | 'batch.rolled_back'
                  | 'batch.timed_out'
                  | 'auth.required'
                  | 'auth.invalid_credentials'
                  | 'auth.session_expired'
                  | 'auth.csrf_invalid'
                  | 'auth.origin_forbidden'
                  | 'auth.session_required'
                  | 'auth.ambiguous'
                  | 'auth.key_invalid'
                  | 'auth.key_expired'
                  | 'auth.scope_missing'
                  | 'auth.scope_exceeded'
                  | 'auth.reauthentication_required'
                  | 'auth.signature_required'
                  | 'auth.signature_invalid'
                  | 'auth.signature_expired'
                  | 'auth.signature_replayed'
                  | 'auth.password_weak'
                  | 'auth.sign_up_closed'
                  | 'auth.invitation_invalid'
                  | 'auth.reset_invalid'
                  | 'session.not_found'
                  | 'auth.forbidden'
                  | 'api_key.not_found'
                  | 'api_key.too_many'
                  | 'user.not_found'
                  | 'user.deletion_pending'
                  | 'export.not_found'
                  | 'export.not_ready'
                  | 'user.username_taken'
                  | 'user.email_taken'
                  | 'assistant.not_found'
                  | 'assistant.slug_taken'
                  | 'assistant.in_use'
                  | 'assistant.cycle'
                  | 'assistant.too_deep'
                  | 'assistant.too_many_children'
                  | 'prompt.not_found'
                  | 'prompt.slug_taken'
                  | 'prompt.in_use'
                  | 'prompt.not_system'
                  | 'memory.not_found'
                  | 'memory.duplicate'
                  | 'memory_chain.not_found'
                  | 'memory_chain.automatic'
                  | 'memory_chain.order_mismatch'
                  | 'memory_chain.other_assistant'
                  | 'memory_chain.empty'
                  | 'document.not_found'
                  | 'document.file_missing'
                  | 'document.too_large'
                  | 'document.empty'
                  | 'document.type_unsupported'
                  | 'document.type_mismatch'
                  | 'document.encoding_invalid'
                  | 'document.truncated'
                  | 'document.damaged'
                  | 'document.encrypted'
                  | 'document.no_text'
                  | 'document.too_many_pages'
                  | 'document.too_much_text'
                  | 'document.extraction_timeout'
                  | 'document.extraction_memory'
                  | 'document.extraction_crashed'
                  | 'document.cancelled'
                  | 'document.not_ready'
                  | 'document.not_retryable'
                  | 'document.pages_failed'
                  | 'document.chunks_failed'
                  | 'document.chunks_refused'
                  | 'document.not_findable'
                  | 'document.bytes_taken'
                  | 'quota.exceeded'
                  | 'quota.daily_exceeded'
                  | 'job.not_found'
                  | 'job.finished'
                  | 'job.timeout'
                  | 'job.worker_lost'
                  | 'job.payload_invalid'
                  | 'job.payload_unknown'
                  | 'job.not_replayable'
                  | 'job.priority_limit'
                  | 'webhook.secret_missing'
                  | 'webhook.url_forbidden'
                  | 'webhook.unreachable'
                  | 'webhook.throttled'
                  | 'webhook.refused'
                  | 'webhook.gone'
                  | 'mail.unavailable'
                  | 'embedding.unavailable'
                  | 'embedding.throttled'
                  | 'embedding.rejected'
                  | 'embedding.dimension_mismatch'
                  | 'embedding.model_unavailable'
                  | 'embedding_model.not_found'
                  | 'embedding_model.incomplete'
                  | 'embedding_model.in_use'
                  | 'embedding_model.dropping'
                  | 'embedding_model.no_previous'
                  | 'conversation.not_found'
                  | 'conversation.archived'
                  | 'conversation.busy'
                  | 'conversation.full'
                  | 'message.not_found'
                  | 'message.not_pending'
                  | 'message.not_a_reply'
                  | 'message.interrupted'
                  | 'completion.unavailable'
                  | 'completion.throttled'
                  | 'completion.rejected'
                  | 'completion.context_exceeded'
                  | 'assistant.inactive'
                  | 'reflection.not_found'
                  | 'reflection.pending'
                  | 'reflection.idle'
                  | 'reflection.no_material'
                  | 'credential.not_found'
                  | 'credential.label_taken'
                  | 'credential.limit_reached'
                  | 'credential.base_url_forbidden'
                  | 'credential.rejected'
                  | 'credential.key_missing'
                  | 'credential.key_in_use'
                  | 'credential.unreadable'
                  | 'service.unavailable'
                  | 'internal.error';
                message: string;
                remedy: string;
              } | null;
              index: number;
              status: number;
            }[];
            meta: {
              failed: number;
              rolled_back: boolean;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMessage: {
    parameters: {
      query?: {
        explain?: boolean;
      };
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: uuid */
              conversation_id: string;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                remedy: string;
                retryable: boolean;
              } | null;
              feedback: {
                comment: string | null;
                /** Format: date-time */
                given_at: string | null;
                /** @enum {string} */
                value: 'positive' | 'negative';
              } | null;
              /** Format: uuid */
              id: string;
              model: string | null;
              prompt?: {
                budget: {
                  history: number;
                  limit: number;
                  message: number;
                  persona: number;
                  sources: number;
                };
                dropped: {
                  messages: number;
                  sources: number[];
                };
                messages: {
                  content: string;
                  /** @enum {string} */
                  role: 'system' | 'user' | 'assistant';
                }[];
                retrieval: {
                  degraded: boolean;
                  hits: {
                    id: string;
                    /** @enum {string} */
                    kind: 'document' | 'memory';
                    passed: boolean;
                    score: number;
                    title: string;
                  }[];
                  /** @enum {string} */
                  mode: 'hybrid' | 'text';
                  threshold: number;
                  took_ms: number;
                };
              } | null;
              provider: string | null;
              /** Format: uuid */
              reply_to_id: string | null;
              /** @enum {string} */
              role: 'user' | 'assistant' | 'system';
              sources: {
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                chunk_id: string | null;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                kind: 'document' | 'memory';
                /** Format: uuid */
                memory_id: string | null;
                n: number;
                page_from: number | null;
                page_to: number | null;
                quote: string;
                score: number;
                title: string;
              }[];
              /** @enum {string} */
              status: 'pending' | 'completed' | 'failed' | 'cancelled';
              took_ms: number | null;
              /** Format: date-time */
              updated_at: string;
              usage: {
                completion_tokens: number;
                estimated: boolean;
                prompt_tokens: number;
              } | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: uuid */
              conversation_id: string;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                remedy: string;
                retryable: boolean;
              } | null;
              feedback: {
                comment: string | null;
                /** Format: date-time */
                given_at: string | null;
                /** @enum {string} */
                value: 'positive' | 'negative';
              } | null;
              /** Format: uuid */
              id: string;
              model: string | null;
              provider: string | null;
              /** Format: uuid */
              reply_to_id: string | null;
              /** @enum {string} */
              role: 'user' | 'assistant' | 'system';
              sources: {
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                chunk_id: string | null;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                kind: 'document' | 'memory';
                /** Format: uuid */
                memory_id: string | null;
                n: number;
                page_from: number | null;
                page_to: number | null;
                quote: string;
                score: number;
                title: string;
              }[];
              /** @enum {string} */
              status: 'pending' | 'completed' | 'failed' | 'cancelled';
              took_ms: number | null;
              /** Format: date-time */
              updated_at: string;
              usage: {
                completion_tokens: number;
                estimated: boolean;
                prompt_tokens: number;
              } | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  giveFeedback: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          comment?: string | null;
          /** @enum {string} */
          value: 'positive' | 'negative';
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: uuid */
              conversation_id: string;
              /** Format: date-time */
              created_at: string;
              error: {
                code: string;
                message: string;
                remedy: string;
                retryable: boolean;
              } | null;
              feedback: {
                comment: string | null;
                /** Format: date-time */
                given_at: string | null;
                /** @enum {string} */
                value: 'positive' | 'negative';
              } | null;
              /** Format: uuid */
              id: string;
              model: string | null;
              provider: string | null;
              /** Format: uuid */
              reply_to_id: string | null;
              /** @enum {string} */
              role: 'user' | 'assistant' | 'system';
              sources: {
                char_end: number | null;
                char_start: number | null;
                /** Format: uuid */
                chunk_id: string | null;
                /** Format: uuid */
                document_id: string | null;
                /** @enum {string} */
                kind: 'document' | 'memory';
                /** Format: uuid */
                memory_id: string | null;
                n: number;
                page_from: number | null;
                page_to: number | null;
                quote: string;
                score: number;
                title: string;
              }[];
              /** @enum {string} */
              status: 'pending' | 'completed' | 'failed' | 'cancelled';
              took_ms: number | null;
              /** Format: date-time */
              updated_at: string;
              usage: {
                completion_tokens: number;
                estimated: boolean;
                prompt_tokens: number;
              } | null;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPrompts: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        q?: string;
        sort?: 'created_at' | 'updated_at' | 'title' | '-created_at' | '-updated_at' | '-title';
        tag?: string;
        type?: 'system' | 'user' | 'assistant';
      };
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            }[];
            meta: {
              has_more: boolean;
              next_cursor: string | null;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createPrompt: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content: string;
          slug?: string;
          tags?: string[];
          title: string;
          /** @enum {string} */
          type?: 'system' | 'user' | 'assistant';
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPrompt: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deletePrompt: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updatePrompt: {
    parameters: {
      query?: never;
      header: {
        'if-match': string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content?: string;
          slug?: string;
          tags?: string[];
          title?: string;
          /** @enum {string} */
          type?: 'system' | 'user' | 'assistant';
        };
      };
    };
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      428: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPromptLineage: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              ancestors: {
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'system' | 'user' | 'assistant';
                /** Format: date-time */
                updated_at: string;
                version: number;
              }[];
              descendants: {
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'system' | 'user' | 'assistant';
                /** Format: date-time */
                updated_at: string;
                version: number;
              }[];
              self: {
                /** Format: date-time */
                created_at: string;
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                parent_id: string | null;
                slug: string;
                tags: string[];
                title: string;
                /** @enum {string} */
                type: 'system' | 'user' | 'assistant';
                /** Format: date-time */
                updated_at: string;
                version: number;
              };
            };
            meta: {
              has_more: boolean;
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  remixPrompt: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content?: string;
          slug?: string;
          tags?: string[];
          title?: string;
          /** @enum {string} */
          type?: 'system' | 'user' | 'assistant';
        };
      };
    };
    responses: {
      201: {
        headers: {
          ETag?: string;
          Location?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              content: string;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              id: string;
              /** Format: uuid */
              parent_id: string | null;
              slug: string;
              tags: string[];
              title: string;
              /** @enum {string} */
              type: 'system' | 'user' | 'assistant';
              /** Format: date-time */
              updated_at: string;
              version: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batchPrompts: {
    parameters: {
      query?: {
        deletes?: boolean;
      };
      header?: {
        'content-digest'?: string;
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          atomic?: boolean;
          operations: (
            | {
                content: string;
                /** @enum {string} */
                op: 'create';
                slug?: string;
                tags?: string[];
                title: string;
                /** @enum {string} */
                type?: 'system' | 'user' | 'assistant';
              }
            | {
                content?: string;
                id: string;
                /** @enum {string} */
                op: 'update';
                slug?: string;
                tags?: string[];
                title?: string;
                /** @enum {string} */
                type?: 'system' | 'user' | 'assistant';
                version?: number;
              }
            | {
                id: string;
                /** @enum {string} */
                op: 'delete';
                version?: number;
              }
            | {
                /** @enum {string} */
                op: 'create' | 'update' | 'delete';
              }
          )[];
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              data: Record<string, never> | null;
              error: {
                /** @enum {string} */
                code:
                  | 'request.invalid'
                  | 'request.malformed'
                  | 'request.too_large'
                  | 'request.timeout'
                  | 'request.headers_too_large'
                  | 'request.media_type'
                  | 'request.not_acceptable'
                  | 'request.rate_limited'
                  | 'request.busy'
                  | 'route.not_found'
                  | 'route.method_not_allowed'
                  | 'page.cursor_invalid'
                  | 'precondition.failed'
                  | 'precondition.required'
                  | 'idempotency.key_reused'
                  | 'idempotency.in_progress'
                  | 'idempotency.answer_lost'
                  | 'graphql.syntax'
                  | 'graphql.invalid'
                  | 'graphql.too_complex'
                  | 'graphql.not_persisted'
                  | 'graphql.post_required'
                  | 'graphql.timeout'
                  | 'batch.unsupported'
                  | 'batch.sensitive'
                  | 'batch.rolled_back'
                  | 'batch.timed_out'
                  | 'auth.required'
                  | 'auth.invalid_credentials'
                  | 'auth.session_expired'
                  | 'auth.csrf_invalid'
                  | 'auth.origin_forbidden'
                  | 'auth.session_required'
                  | 'auth.ambiguous'
                  | 'auth.key_invalid'
                  | 'auth.key_expired'
                  | 'auth.scope_missing'
                  | 'auth.scope_exceeded'
                  | 'auth.reauthentication_required'
                  | 'auth.signature_required'
                  | 'auth.signature_invalid'
                  | 'auth.signature_expired'
                  | 'auth.signature_replayed'
                  | 'auth.password_weak'
                  | 'auth.sign_up_closed'
                  | 'auth.invitation_invalid'
                  | 'auth.reset_invalid'
                  | 'session.not_found'
                  | 'auth.forbidden'
                  | 'api_key.not_found'
                  | 'api_key.too_many'
                  | 'user.not_found'
                  | 'user.deletion_pending'
                  | 'export.not_found'
                  | 'export.not_ready'
                  | 'user.username_taken'
                  | 'user.email_taken'
                  | 'assistant.not_found'
                  | 'assistant.slug_taken'
                  | 'assistant.in_use'
                  | 'assistant.cycle'
                  | 'assistant.too_deep'
                  | 'assistant.too_many_children'
                  | 'prompt.not_found'
                  | 'prompt.slug_taken'
                  | 'prompt.in_use'
                  | 'prompt.not_system'
                  | 'memory.not_found'
                  | 'memory.duplicate'
                  | 'memory_chain.not_found'
                  | 'memory_chain.automatic'
                  | 'memory_chain.order_mismatch'
                  | 'memory_chain.other_assistant'
                  | 'memory_chain.empty'
                  | 'document.not_found'
                  | 'document.file_missing'
                  | 'document.too_large'
                  | 'document.empty'
                  | 'document.type_unsupported'
                  | 'document.type_mismatch'
                  | 'document.encoding_invalid'
                  | 'document.truncated'
                  | 'document.damaged'
                  | 'document.encrypted'
                  | 'document.no_text'
                  | 'document.too_many_pages'
                  | 'document.too_much_text'
                  | 'document.extraction_timeout'
                  | 'document.extraction_memory'
                  | 'document.extraction_crashed'
                  | 'document.cancelled'
                  | 'document.not_ready'
                  | 'document.not_retryable'
                  | 'document.pages_failed'
                  | 'document.chunks_failed'
                  | 'document.chunks_refused'
                  | 'document.not_findable'
                  | 'document.bytes_taken'
                  | 'quota.exceeded'
                  | 'quota.daily_exceeded'
                  | 'job.not_found'
                  | 'job.finished'
                  | 'job.timeout'
                  | 'job.worker_lost'
                  | 'job.payload_invalid'
                  | 'job.payload_unknown'
                  | 'job.not_replayable'
                  | 'job.priority_limit'
                  | 'webhook.secret_missing'
                  | 'webhook.url_forbidden'
                  | 'webhook.unreachable'
                  | 'webhook.throttled'
                  | 'webhook.refused'
                  | 'webhook.gone'
                  | 'mail.unavailable'
                  | 'embedding.unavailable'
                  | 'embedding.throttled'
                  | 'embedding.rejected'
                  | 'embedding.dimension_mismatch'
                  | 'embedding.model_unavailable'
                  | 'embedding_model.not_found'
                  | 'embedding_model.incomplete'
                  | 'embedding_model.in_use'
                  | 'embedding_model.dropping'
                  | 'embedding_model.no_previous'
                  | 'conversation.not_found'
                  | 'conversation.archived'
                  | 'conversation.busy'
                  | 'conversation.full'
                  | 'message.not_found'
                  | 'message.not_pending'
                  | 'message.not_a_reply'
                  | 'message.interrupted'
                  | 'completion.unavailable'
                  | 'completion.throttled'
                  | 'completion.rejected'
                  | 'completion.context_exceeded'
                  | 'assistant.inactive'
                  | 'reflection.not_found'
                  | 'reflection.pending'
                  | 'reflection.idle'
                  | 'reflection.no_material'
                  | 'credential.not_found'
                  | 'credential.label_taken'
                  | 'credential.limit_reached'
                  | 'credential.base_url_forbidden'
                  | 'credential.rejected'
                  | 'credential.key_missing'
                  | 'credential.key_in_use'
                  | 'credential.unreadable'
                  | 'service.unavailable'
                  | 'internal.error';
                message: string;
                remedy: string;
              } | null;
              index: number;
              status: number;
            }[];
            meta: {
              failed: number;
              rolled_back: boolean;
              succeeded: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReflection: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: uuid */
              assistant_id: string;
              category: string | null;
              /** Format: uuid */
              chain_id: string | null;
              chunk_ids: string[];
              /** Format: date-time */
              completed_at: string | null;
              completion_tokens: number | null;
              content: string | null;
              /** Format: date-time */
              created_at: string;
              /** Format: uuid */
              document_id: string | null;
              error: {
                code: string;
                message: string;
                remedy: string;
                stage: string | null;
              } | null;
              /** Format: uuid */
              id: string;
              insights: string[];
              /** Format: uuid */
              job_id: string | null;
              memory_ids: string[];
              message_ids: string[];
              model: string | null;
              prompt_tokens: number | null;
              provider: string | null;
              rating: number | null;
              reflection_ids: string[];
              /** @enum {string} */
              status: 'pending' | 'completed' | 'failed' | 'cancelled';
              summary: string | null;
              /** @enum {string} */
              type: 'recent' | 'memories' | 'chain' | 'document' | 'self' | 'feedback';
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteReflection: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  search: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          assistant_id?: string;
          document_ids?: string[];
          /**
           * @default chunk
           * @enum {string}
           */
          group_by?: 'chunk' | 'document';
          /** @default 10 */
          limit?: number;
          min_score?: number;
          /**
           * @default hybrid
           * @enum {string}
           */
          mode?: 'hybrid' | 'vector' | 'text';
          query: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              char_end: number;
              char_start: number;
              /** Format: uuid */
              chunk_id: string;
              /** Format: uuid */
              document_id: string;
              document_title: string;
              page_from: number | null;
              page_to: number | null;
              score: number;
              text: string;
              text_score: number;
              vector_score: number | null;
            }[];
            meta: {
              degraded?: boolean;
              embedding_model: string | null;
              took_ms: number;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookSecrets: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string | null;
              /** Format: uuid */
              id: string;
            }[];
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaceWebhookSecret: {
    parameters: {
      query?: never;
      header?: {
        'idempotency-key'?: string;
        signature?: string;
        'signature-input'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      201: {
        headers: {
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** Format: date-time */
              created_at: string;
              /** Format: date-time */
              expires_at: string | null;
              /** Format: uuid */
              id: string;
              secret: string;
            };
          };
        };
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocs: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getErrorDocs: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPlainDocs: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocsScript: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        file: 'swagger-ui.js' | 'start.js';
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'Cache-Control'?: string;
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/javascript': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocsStyle: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/css': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getViewerStyle: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path: {
        file: 'swagger-ui.css' | 'viewer.css';
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          'Cache-Control'?: string;
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/css': unknown;
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @enum {string} */
              status: 'ok';
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              breakers: {
                [key: string]: 'closed' | 'half-open' | 'open';
              };
              checked: string[];
              /** @enum {string} */
              status: 'ready';
              warnings: string[];
            };
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOpenApi: {
    parameters: {
      query?: never;
      header?: {
        'if-none-match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            openapi: string;
            paths: Record<string, never>;
          };
        };
      };
      304: {
        headers: {
          ETag?: string;
          'X-Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
