#!/bin/sh
# Gives Elasticsearch the lifecycle and the index template of log lines, and Kibana the saved views. Safe to run again: all of it is
# replaced by what lies here. Lines that are there keep the mapping that they were written with until the next rollover.
#
#   ELASTICSEARCH_URL=http://127.0.0.1:9200 KIBANA_URL=http://127.0.0.1:5601 ops/elasticsearch/install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${ELASTICSEARCH_URL:?set it to the address of Elasticsearch}"
: "${KIBANA_URL:?set it to the address of Kibana}"

# send WHAT METHOD URL CURL-OPTION...
send() {
  what=$1 method=$2 url=$3
  shift 3
  if answer=$(curl -sS --fail-with-body --retry 5 --retry-connrefused --max-time 30 -X "$method" "$url" "$@" 2>&1); then
    echo "ok: $what"
  else
    echo "failed: $what: $answer" >&2
    exit 1
  fi
}

# put WHAT PATH FILE
put() {
  send "$1" PUT "$ELASTICSEARCH_URL/$2" -H 'content-type: application/json' --data-binary "@$3"
}

put 'lifecycle' _ilm/policy/donkey-logs "$here/lifecycle.json"
put 'index template' _index_template/donkey-logs "$here/index-template.json"
send 'saved views' POST "$KIBANA_URL/api/saved_objects/_import?overwrite=true" -H 'kbn-xsrf: true' \
  -F "file=@$here/../kibana/saved-views.ndjson"
echo 'logs are ready to be taken in'
