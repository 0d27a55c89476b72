"""The groups that decide in Python what a person may do."""

GROUP_USER = "integration_monitor.group_user"
GROUP_OPERATOR = "integration_monitor.group_operator"
