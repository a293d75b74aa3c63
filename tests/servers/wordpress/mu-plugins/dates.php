<?php
// The site's own scheduler, asked by a test instead of running by itself: publishes what an author's dates say, by a clock
// that the test has in its hand. What is done to each article is what the scheduler does at its date.

add_action('rest_api_init', function () {
    register_rest_route('griot/v1', '/dates', [
        'methods' => 'POST',
        'permission_callback' => fn () => current_user_can('manage_options'),
        'args' => ['author' => ['type' => 'integer', 'required' => true], 'now' => ['type' => 'integer', 'required' => true]],
        'callback' => function (WP_REST_Request $asked) {
            $due = get_posts([
                'author' => $asked['author'],
                'post_status' => 'future',
                'numberposts' => -1,
                'date_query' => [['column' => 'post_date_gmt', 'before' => gmdate('Y-m-d H:i:s', $asked['now']), 'inclusive' => true]],
            ]);
            array_walk($due, fn ($article) => wp_publish_post($article));
            return ['published' => count($due)];
        },
    ]);
});

// What is out by that clock is not put back because its date is still to come by the machine's: only a request that names
// another state, or another date, does that.
add_filter('wp_insert_post_data', function ($written, $asked) {
    $before = empty($asked['ID']) ? null : get_post($asked['ID']);
    $is_out = $before && $before->post_status === 'publish' && $asked['post_status'] === 'publish';
    if ($is_out && $before->post_date_gmt === $written['post_date_gmt'] && $written['post_status'] === 'future') {
        $written['post_status'] = 'publish';
    }
    return $written;
}, 10, 2);
