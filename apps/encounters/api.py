"""Visits and queues for other programs of the hospital (kiosk, token display)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoint import FacilityApi
from apps.core.permission import Permission
from apps.encounters import actions, queries

SHOWN = ("id", "number", "token", "department", "room", "priority_reason", "fee", "status")


class VisitOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    token = serializers.CharField()
    department = serializers.CharField()
    room = serializers.CharField()
    priority_reason = serializers.CharField()
    fee = serializers.IntegerField()
    status = serializers.CharField()


class QueueRow(serializers.Serializer[Any]):
    token = serializers.CharField()
    status = serializers.CharField()
    room = serializers.CharField()
    department = serializers.CharField()
    wait_min = serializers.IntegerField()
    encounter_id = serializers.UUIDField()
    token_id = serializers.UUIDField()


class VisitApi(FacilityApi):
    """PUT a visit under an id of the caller: sending it again changes nothing."""

    reads = Permission.TOKEN_ISSUE

    class Input(serializers.Serializer[Any]):
        patient_id = serializers.UUIDField()
        department = serializers.CharField(max_length=20)
        priority_reason = serializers.CharField(max_length=20, default="", allow_blank=True)

    @extend_schema(request=Input, responses={200: VisitOut}, operation_id="start_visit")
    def put(self, request: Request, encounter_id: UUID) -> Response:
        visit = actions.start_visit(**self.parse(self.Input), id=encounter_id, actor=self.actor)
        shown = queries.visit_brief(queries.visit(visit.pk))
        return Response({name: shown[name] for name in SHOWN})


class QueueApi(FacilityApi):
    """GET who waits at a station, in turn: tokens and rooms, no names."""

    reads = Permission.TOKEN_CALL

    @extend_schema(
        responses={200: QueueRow(many=True)},
        operation_id="queue",
        parameters=[OpenApiParameter("queue", str, description="department code")],
    )
    def get(self, request: Request, station: str) -> Response:
        names = [str(name) for name in QueueRow().fields]
        rows = queries.queue(station, queue=request.GET.get("queue") or None)
        return Response([{name: row[name] for name in names} for row in rows])
