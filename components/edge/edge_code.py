"""What runs at every edge before the cache is asked: which release a path is of, and where an API's paths begin (SCH-1).

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
"""

RUNTIME = "cloudfront-js-2.0"
RELEASE_KEY = "release"
"""Key of the store whose value is the release that is served."""
RELEASES = "v"
"""First part of the path in the bucket of everything that belongs to a release."""

_WEB = """\
import cf from 'cloudfront';

const store = cf.kvs();

function answer(status, title) {
    return {
        statusCode: status,
        statusDescription: title,
        headers: {
            'cache-control': { value: 'no-store' },
            'content-type': { value: 'application/problem+json' },
        },
        body: JSON.stringify({ type: 'about:blank', title: title, status: status }),
    };
}

async function handler(event) {
    const request = event.request;
    // An API that is not there is no page of the client.
    if (request.uri === '/api' || request.uri.startsWith('/api/')) {
        return answer(404, 'Not Found');
    }
    let release;
    try {
        release = await store.get('%(key)s');
    } catch (nothing) {
        return answer(503, 'Service Unavailable');
    }
    // A path whose last part has no dot is a place in the client; one that has is a file, and is there or not.
    const file = request.uri.split('/').pop().includes('.');
    request.uri = '/%(releases)s/' + release + (file ? request.uri : '/index.html');
    return request;
}
"""

_API = """\
function handler(event) {
    const request = event.request;
    // /api/<region>/v1/bookings is /api/v1/bookings there.
    request.uri = '/api/' + request.uri.split('/').slice(3).join('/');
    return request;
}
"""


def web_code() -> str:
    """Return the function that makes a viewer's path one of the release that is served, and of the client's places its page."""
    return _WEB % {"key": RELEASE_KEY, "releases": RELEASES}


def api_code() -> str:
    """Return the function that takes the region out of `/api/<region>/...`: the region's own API begins at `/api`."""
    return _API
